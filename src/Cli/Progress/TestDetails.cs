using System.Collections.Immutable;
using Strata.Cli.Output;
using Strata.Runner.Results;

namespace Strata.Cli.Progress;

/// <summary>The lines under a failing test: what was expected, some of the rows, and where the query is that finds them all.</summary>
public static class TestDetails
{
    private const string Gap = "  ";
    private const int Indent = 2;
    private const int WidestCell = 28;

    /// <param name="width">The columns of the terminal.</param>
    public static ImmutableArray<string> Of(TestResult test, int width, string? queryFile)
    {
        var lines = ImmutableArray.CreateBuilder<string>();
        if (test.Observed is not null && TestWords.Arguments(test.Test) is { Length: > 0 } expected)
            lines.Add($"expected {expected}");
        if (test.Samples is { Rows.IsEmpty: false } samples)
            AddTable(
                lines,
                samples,
                test is { Checked: not null, Counts: null } ? test.Failures : null,
                width - Indent
            );
        if (queryFile is not null)
            lines.Add($"query: {queryFile}");
        return lines.ToImmutable();
    }

    private static void AddTable(
        ImmutableArray<string>.Builder lines,
        FailingRows samples,
        long? rows,
        int width
    )
    {
        var cells = samples
            .Rows.Select(row => row.Select(value => Clean(value ?? "null")).ToArray())
            .ToArray();
        var widths = samples
            .Columns.Select(
                (name, i) => Math.Max(Cut(name).Length, cells.Max(row => DisplayWidth.Of(row[i])))
            )
            .ToArray();
        var shown = 1;
        while (shown < widths.Length && widths.Take(shown + 1).Sum() + Gap.Length * shown <= width)
            shown++;
        lines.Add(Line(samples.Columns.Select(Cut)));
        foreach (var row in cells)
            lines.Add(Line(row));
        var left = new List<string>();
        if (rows > cells.Length)
            left.Add($"{Words.Number(cells.Length)} of {Words.Count(rows.Value, "row")}");
        if (shown < widths.Length)
            left.Add($"{Words.Count(widths.Length - shown, "more column")}: {Names(samples, shown, width)}");
        if (left.Count > 0)
            lines.Add($"({string.Join("; ", left)})");

        string Line(IEnumerable<string> texts) =>
            string.Join(Gap, texts.Take(shown).Select((text, i) => DisplayWidth.PadRight(text, widths[i])))
                .TrimEnd();
    }

    private static string Names(FailingRows samples, int from, int width) =>
        DisplayWidth.Cut(string.Join(", ", samples.Columns.Skip(from)), Math.Max(10, width - 40));

    private static string Clean(string text) =>
        Cut(string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c)));

    private static string Cut(string text) => DisplayWidth.Cut(text, WidestCell);
}
