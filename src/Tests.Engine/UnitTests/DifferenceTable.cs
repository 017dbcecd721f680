using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Strata.Tests.Engine.UnitTests;

/// <summary>
/// Differences as a table that a person reads at a glance: <c>~</c> rows with <c>expected -> actual</c> in the cells that
/// differ, <c>-</c> rows that are missing, <c>+</c> rows that nobody expected.
/// </summary>
public sealed class DifferenceTable(
    ImmutableArray<string> columns,
    ImmutableArray<int> key,
    CellComparer comparer,
    Func<object?, string> print
)
{
    /// <summary>Places of columns that are shown whatever they take, beside the key.</summary>
    public ImmutableArray<int> Always { get; init; } = [];

    private const int Width = 76;
    private const int MostRows = 20;
    private const int Narrowest = 8;
    private const string Gap = "  ";

    /// <summary><c>1 row differs, 2 are missing, 1 is unexpected</c></summary>
    public static string Summary(ImmutableArray<RowDifference> differences)
    {
        var parts = new List<string>();
        Add(differences.Count(one => one.IsChanged), "differs", "differ");
        Add(differences.Count(one => one.IsMissing), "is missing", "are missing");
        Add(differences.Count(one => one.IsUnexpected), "is unexpected", "are unexpected");
        return string.Join(", ", parts);

        void Add(int count, string one, string many)
        {
            if (count == 0)
                return;
            var noun =
                parts.Count > 0 ? ""
                : count == 1 ? " row"
                : " rows";
            parts.Add(
                string.Create(CultureInfo.InvariantCulture, $"{count}{noun} {(count == 1 ? one : many)}")
            );
        }
    }

    /// <summary>The lines of the table, heading first.</summary>
    public ImmutableArray<string> Lines(ImmutableArray<RowDifference> differences)
    {
        var shown = differences.Take(MostRows).ToImmutableArray();
        var cells = shown.Select(Cells).ToImmutableArray();
        var (picked, left) = Pick(cells, shown);
        var widths = picked
            .Select(column => Math.Max(columns[column].Length, cells.Max(row => row[column].Length)))
            .ToArray();
        Shrink(widths);
        var lines = ImmutableArray.CreateBuilder<string>();
        lines.Add(Line(' ', picked.Select(column => columns[column]), widths));
        for (var i = 0; i < shown.Length; i++)
            lines.Add(Line(Mark(shown[i]), picked.Select(column => cells[i][column]), widths));
        if (differences.Length > MostRows)
            lines.Add(
                string.Create(CultureInfo.InvariantCulture, $"  ... and {differences.Length - MostRows} more")
            );
        if (left > 0)
            lines.Add($"  ({(left == 1 ? "1 column" : $"{left} columns")} without a difference left out)");
        return lines.ToImmutable();
    }

    private string[] Cells(RowDifference difference)
    {
        var cells = new string[columns.Length];
        for (var i = 0; i < cells.Length; i++)
        {
            var (expected, actual) = (difference.Expected?[i], difference.Actual?[i]);
            cells[i] =
                difference.IsChanged && !comparer.AreEqual(i, expected, actual)
                    ? Distinct(expected, actual)
                    : OneLine(print(difference.Expected is null ? actual : expected));
        }
        return cells;
    }

    // two values that print alike are told apart by their quotes
    private string Distinct(object? expected, object? actual)
    {
        var (a, b) = (OneLine(print(expected)), OneLine(print(actual)));
        if (a == b || a.Trim() == b.Trim())
            (a, b) = (Quoted(expected, a), Quoted(actual, b));
        return $"{a} -> {b}";
    }

    private static string Quoted(object? value, string text) => value is string ? $"'{text}'" : text;

    private static string OneLine(string text)
    {
        var line = new StringBuilder(text.Length);
        foreach (var c in text)
            line.Append(
                c switch
                {
                    '\n' => "\\n",
                    '\r' => "\\r",
                    '\t' => "\\t",
                    _ => c.ToString(),
                }
            );
        return line.ToString();
    }

    /// <summary>All columns where they fit; else the key and those with a difference, then others as long as there is room.</summary>
    private (ImmutableArray<int> Picked, int Left) Pick(
        ImmutableArray<string[]> cells,
        ImmutableArray<RowDifference> shown
    )
    {
        var all = Enumerable.Range(0, columns.Length).ToImmutableArray();
        if (Total(all, cells) <= Width)
            return (all, 0);
        var isChanged = shown.Any(one => one.IsChanged);
        var picked = all.Where(column =>
                key.Contains(column) || Always.Contains(column) || (isChanged && Differs(column, shown))
            )
            .ToHashSet();
        foreach (var column in all)
        {
            if (!picked.Contains(column) && Total([.. picked.Append(column)], cells) <= Width)
                picked.Add(column);
        }
        if (picked.Count == 0)
            picked.Add(0);
        return ([.. all.Where(picked.Contains)], columns.Length - picked.Count);
    }

    private bool Differs(int column, ImmutableArray<RowDifference> shown) =>
        shown.Any(one =>
            one.IsChanged && !comparer.AreEqual(column, one.Expected?[column], one.Actual?[column])
        );

    private int Total(IReadOnlyCollection<int> picked, ImmutableArray<string[]> cells) =>
        1
        + picked.Sum(column =>
            Gap.Length + Math.Max(columns[column].Length, cells.Max(row => row[column].Length))
        );

    // the widest give way first
    private static void Shrink(int[] widths)
    {
        while (1 + widths.Sum(width => width + Gap.Length) > Width && widths.Max() > Narrowest)
            widths[Array.IndexOf(widths, widths.Max())]--;
    }

    private static string Line(char mark, IEnumerable<string> cells, int[] widths) =>
        (
            mark + string.Concat(cells.Select((cell, i) => Gap + Cut(cell, widths[i]).PadRight(widths[i])))
        ).TrimEnd();

    private static string Cut(string text, int width) =>
        text.Length <= width ? text : text[..(width - 1)] + "…";

    private static char Mark(RowDifference difference) =>
        difference.IsChanged ? '~'
        : difference.IsMissing ? '-'
        : '+';
}
