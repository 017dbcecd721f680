using System.Globalization;
using System.Text.RegularExpressions;
using Strata.Cli.Output;
using Strata.Compiler.Diagnostics;
using Strata.Runner.Planning;

namespace Strata.Cli.Progress.Summaries;

/// <summary>
/// What many nodes of a run have in common, such as a schema that nobody may write to, is said in full of the first one; of the others their names.
/// Alike is what differs in nothing but the node's own name and its place.
/// </summary>
internal static class AlikeDiagnostics
{
    // as many are read in full: each has a place of its own
    private const int MostInFull = 3;

    /// <param name="width">How long the line with the names may be.</param>
    public static IReadOnlyList<PrintedDiagnostic> Group(IEnumerable<RunDiagnostic> diagnostics, int width)
    {
        var printed = new List<PrintedDiagnostic>();
        foreach (var alike in diagnostics.GroupBy(KeyOf))
        {
            var all = alike.ToList();
            if (all[0].Node is null || all.Count <= MostInFull)
                printed.AddRange(all.Select(one => new PrintedDiagnostic(one.Diagnostic, null)));
            else
                printed.Add(new PrintedDiagnostic(all[0].Diagnostic, Others(all, width)));
        }
        return printed;
    }

    private static string KeyOf(RunDiagnostic found)
    {
        var diagnostic = found.Diagnostic;
        var text = string.Join(
            '\n',
            [
                diagnostic.Code,
                diagnostic.Severity.ToString(),
                diagnostic.Message,
                .. diagnostic.Details,
                diagnostic.Hint ?? "",
                .. diagnostic.Notes.Select(note => note.Text),
            ]
        );
        if (found.Node is not { } node)
            return text;
        // the name by itself: 'cust_raw' is none of 'cust', and another thing to mend than 'ship_raw'
        var own = NamesOf(node).OrderByDescending(name => name.Length).Select(Regex.Escape);
        return $"{node.Kind} {Regex.Replace(text, $@"(?<!\w)({string.Join('|', own)})(?!\w)", "\0")}";
    }

    private static IEnumerable<string> NamesOf(PlannedNode node) =>
        ((string[])[node.Name, node.Id[(node.Id.LastIndexOf('.') + 1)..], node.Relation?.Name ?? ""])
            .Where(name => name.Length > 0)
            .Distinct();

    private static string Others(List<RunDiagnostic> all, int width)
    {
        var names = all.Select(one => one.Node?.Name ?? "").Distinct().Skip(1).ToList();
        var noun = all[0].Node?.Kind switch
        {
            PlannedKind.Model => "model",
            PlannedKind.Seed => "seed",
            PlannedKind.Snapshot => "snapshot",
            _ => "node",
        };
        var count = string.Create(CultureInfo.InvariantCulture, $"{names.Count:N0} more {noun}s");
        var line = all[0].Diagnostic.IsError
            ? $"and {count} fail in the same way: "
            : $"and the same for {count}: ";
        return DisplayWidth.Cut(line + string.Join(", ", names), width);
    }
}
