using System.Collections.Immutable;
using System.Text;
using Strata.Runner.Adapters;
using Strata.Runner.Adapters.Values;

namespace Strata.Runner.UnitTests.Capture;

/// <summary>Rows as a fixture: nothing is null, a quoted nothing an empty text, and text that looks like something else is quoted.</summary>
public static class FixtureCsv
{
    /// <param name="columns">The positions of the columns to write.</param>
    public static string Write(RowSet rows, ImmutableArray<int> columns)
    {
        var text = new StringBuilder();
        // a line with nothing on it is a record only if another one follows; blanks that are not quoted are nothing
        var nothing = columns.Length == 1 ? " " : "";
        text.AppendJoin(',', columns.Select(i => Quoted(rows.Columns[i].Name, isText: false))).Append('\n');
        foreach (var row in rows.Rows)
            text.AppendJoin(
                    ',',
                    columns.Select(i =>
                        Text(row[i], rows.Columns[i].Type) is { } value
                            ? Quoted(value, row[i] is string && ColumnKinds.IsText(rows.Columns[i].Type))
                            : nothing
                    )
                )
                .Append('\n');
        return text.ToString();
    }

    // DuckDB reads a blob byte by byte, Postgres all of it as one number
    private static string? Text(object? value, string type) =>
        value is byte[] bytes && type.Equals("blob", StringComparison.OrdinalIgnoreCase)
            ? string.Concat(bytes.Select(one => $"\\x{one:X2}"))
            : ValueText.Of(value);

    private static string Quoted(string value, bool isText)
    {
        var needsQuotes =
            value.Length == 0
            || value != value.Trim()
            || value.AsSpan().ContainsAny(",\"\n\r")
            // so that a type which is guessed from the values is guessed right
            || (isText && !char.IsLetter(value[0]));
        return needsQuotes ? $"\"{value.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : value;
    }
}
