using System.Collections.Immutable;
using System.Globalization;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;
using Strata.Runner.Adapters.Values;
using Strata.Runner.Proving.Replaying;
using Strata.Runner.Proving.Schedules;
using Strata.Runner.UnitTests;
using Strata.Tests.Engine.UnitTests;

namespace Strata.Runner.Proving.Examples;

/// <summary>A smallest example as lines that fit 80 columns. Pure.</summary>
internal static class ExampleText
{
    private const int Width = 76;
    private const int Widest = 24;
    private const int MostRows = 20;
    private const string Gap = "  ";

    /// <summary>What was delivered, input by input, with the number of the batch.</summary>
    public static IEnumerable<string> Delivered(ProofExample example, ModelNode model)
    {
        var matters = new ColumnsThatMatter(example, model);
        foreach (var input in example.Delivered)
        {
            yield return $"delivered to '{input.Input}':";
            foreach (var line in Table(input, matters.Of(input), example))
                yield return line;
        }
        var filled = example.Delivered.SelectMany(input => input.Rows).Select(row => row.Batch).ToHashSet();
        foreach (var batch in Enumerable.Range(1, example.Batches).Where(batch => !filled.Contains(batch)))
            yield return string.Create(CultureInfo.InvariantCulture, $"batch {batch} brings no rows");
    }

    public static IEnumerable<string> Differences(
        ProofExample example,
        ModelNode model,
        ReplayOutcome outcome
    )
    {
        yield return "full build -> batches (- missing after the batches, + too many):";
        var matters = new ColumnsThatMatter(example, model);
        var comparer = new CellComparer(
            null,
            [.. outcome.Columns.Select(column => FixtureSql.IsJson(column.Type))]
        );
        var table = new DifferenceTable(
            example.Columns,
            matters.Key,
            comparer,
            value => ValueText.Of(value) ?? "null"
        )
        {
            Always = matters.Differing,
        };
        foreach (var line in table.Lines(example.Differences))
            yield return line;
    }

    public static IEnumerable<string> Of(Diagnostic failure) =>
        [$"{failure.Code}: {failure.Message}", .. failure.Details];

    /// <param name="always">Places of columns that are shown however wide they are.</param>
    private static IEnumerable<string> Table(
        DeliveredRows input,
        ImmutableArray<int> always,
        ProofExample example
    )
    {
        var rows = input
            .Rows.Take(MostRows)
            .Select(row => row.Cells.Select(cell => Cut(cell ?? "null", Room(input))).ToArray())
            .ToList();
        var widths = input
            .Columns.Select((name, i) => Math.Max(name.Length, rows.Max(row => row[i].Length)))
            .ToArray();
        var changes = input.Rows.Any(row => row.Change != RowChange.Arrives);
        var left =
            Width
            - "batch".Length
            - (changes ? "replaced".Length + Gap.Length : 0)
            - always.Sum(i => widths[i] + Gap.Length);
        var shown = always.ToList();
        // of the others, those that differ say the most, then those that the result has too; bookkeeping says the least
        foreach (
            var i in Enumerable
                .Range(0, widths.Length)
                .Except(always)
                .OrderBy(i => input.Columns[i].StartsWith('_'))
                .ThenByDescending(i =>
                    !input.Columns[i].StartsWith('_')
                    && input.Rows.Any(row => row.Cells[i] != input.Rows[0].Cells[i])
                )
                .ThenByDescending(i =>
                    example.Columns.Contains(input.Columns[i], StringComparer.OrdinalIgnoreCase)
                )
        )
        {
            if (widths[i] + Gap.Length > left)
                continue;
            left -= widths[i] + Gap.Length;
            shown.Add(i);
        }
        shown.Sort();
        var heading = changes ? $"batch{Gap}{"".PadRight("replaced".Length)}" : "batch";
        yield return Line(heading, shown.Select(i => input.Columns[i].PadRight(widths[i])));
        for (var row = 0; row < rows.Count; row++)
            yield return Line(
                input.Rows[row].Batch.ToString(CultureInfo.InvariantCulture).PadRight("batch".Length)
                    + (changes ? Gap + Word(input.Rows[row].Change).PadRight("replaced".Length) : ""),
                shown.Select(i => rows[row][i].PadRight(widths[i]))
            );
        if (input.Rows.Length > MostRows)
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"... and {input.Rows.Length - MostRows} more"
            );
        var hidden = widths.Length - shown.Count;
        if (hidden > 0)
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"({hidden} {(hidden == 1 ? "column" : "columns")} left out)"
            );
    }

    private static string Word(RowChange change) =>
        change switch
        {
            RowChange.Replaced => "replaced",
            RowChange.Deleted => "deleted",
            _ => "",
        };

    // a landed line has the place of all columns
    private static int Room(DeliveredRows input) => input.Columns.Length <= 2 ? Width / 2 : Widest;

    private static string Line(string batch, IEnumerable<string> cells) =>
        string.Join(Gap, cells.Prepend(batch)).TrimEnd();

    private static string Cut(string text, int width)
    {
        text = text.ReplaceLineEndings("\\n");
        return text.Length <= width ? text : text[..(width - 1)] + "…";
    }
}
