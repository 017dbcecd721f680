namespace Strata.Cli.Output;

/// <summary>
/// A table in plain text: two spaces between columns, numbers to the right. Where it is too wide, the widest
/// columns give way first; what does not fit even then is left out and counted.
/// </summary>
public sealed class TextTable(params TextTable.Column[] columns)
{
    private const int Gap = 2;
    private const int Narrowest = 10;

    private readonly List<Cell[]> _rows = [];

    public int Count => _rows.Count;

    public void Add(params Cell[] cells) => _rows.Add(cells);

    /// <summary>Writes the table with its heading.</summary>
    /// <param name="width">The columns of the terminal; null for no limit.</param>
    /// <returns>How many columns were left out.</returns>
    public int Write(TextWriter writer, Palette palette, int? width)
    {
        var widths = columns
            .Select(
                (column, index) =>
                    Math.Max(
                        DisplayWidth.Of(column.Title),
                        _rows.Count == 0 ? 0 : _rows.Max(row => DisplayWidth.Of(row[index].Text))
                    )
            )
            .ToArray();
        var shown = columns.Length;
        if (width is { } limit)
            shown = Fit(widths, limit);
        writer.Write(
            Line(columns.Select(column => new Cell(column.Title, Tone.Strong)), widths, shown, palette)
        );
        writer.Write(
            Line(widths.Select(size => new Cell(new string('-', size), Tone.Quiet)), widths, shown, palette)
        );
        foreach (var row in _rows)
            writer.Write(Line(row, widths, shown, palette));
        return columns.Length - shown;
    }

    // takes from the widest column until all fit or no column can give any more
    private static int Fit(int[] widths, int limit)
    {
        while (Total(widths, widths.Length) > limit)
        {
            var widest = Array.IndexOf(widths, widths.Max());
            if (widths[widest] <= Narrowest)
                break;
            widths[widest]--;
        }
        var shown = widths.Length;
        while (shown > 1 && Total(widths, shown) > limit)
            shown--;
        return shown;
    }

    private static int Total(int[] widths, int count) =>
        widths.AsSpan(0, count).ToArray().Sum() + Gap * (count - 1);

    private string Line(IEnumerable<Cell> cells, int[] widths, int shown, Palette palette)
    {
        var parts = cells
            .Take(shown)
            .Select(
                (cell, index) =>
                {
                    var text = DisplayWidth.Cut(cell.Text, widths[index]);
                    var padding = new string(' ', widths[index] - DisplayWidth.Of(text));
                    var painted = palette.Paint(text, cell.Tone);
                    if (columns[index].IsRight)
                        return padding + painted;
                    return index == shown - 1 ? painted : painted + padding;
                }
            );
        return string.Join(new string(' ', Gap), parts).TrimEnd(' ') + "\n";
    }

    public readonly record struct Column(string Title, bool IsRight = false)
    {
        public static implicit operator Column(string title) => new(title);
    }

    public readonly record struct Cell(string Text, Tone Tone = Tone.Plain)
    {
        public static implicit operator Cell(string text) => new(text);
    }
}
