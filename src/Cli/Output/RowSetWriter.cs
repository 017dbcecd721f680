using System.Globalization;
using System.Text.Json;
using Strata.Runner.Adapters;
using Strata.Runner.Adapters.Values;

namespace Strata.Cli.Output;

/// <summary>Prints the rows of a query.</summary>
public static class RowSetWriter
{
    /// <returns>How many columns did not fit; only a table leaves any out.</returns>
    public static int Write(RowSet rows, RowSetFormat format, TextWriter writer, Palette palette, int? width)
    {
        switch (format)
        {
            case RowSetFormat.Json:
                WriteJson(rows, writer);
                return 0;
            case RowSetFormat.Csv:
                WriteCsv(rows, writer);
                return 0;
            default:
                return WriteTable(rows, writer, palette, width);
        }
    }

    private static int WriteTable(RowSet rows, TextWriter writer, Palette palette, int? width)
    {
        var table = new TextTable([
            .. rows.Columns.Select(
                (column, index) =>
                    new TextTable.Column(
                        OneLine(column.Name),
                        rows.Rows.Any(row => ValueText.IsNumber(row[index]))
                            && rows.Rows.All(row => row[index] is null || ValueText.IsNumber(row[index]))
                    )
            ),
        ]);
        foreach (var row in rows.Rows)
        {
            table.Add([
                .. row.Select(value =>
                    ValueText.Of(value) is { } text
                        ? new TextTable.Cell(OneLine(text))
                        : new TextTable.Cell("null", Tone.Quiet)
                ),
            ]);
        }
        return table.Write(writer, palette, width);
    }

    private static void WriteCsv(RowSet rows, TextWriter writer)
    {
        writer.Write(string.Join(',', rows.Columns.Select(column => CsvField(column.Name))) + "\n");
        foreach (var row in rows.Rows)
            writer.Write(string.Join(',', row.Select(value => CsvField(ValueText.Of(value)))) + "\n");
    }

    // null is an empty field, so an empty text must be quoted
    private static string CsvField(string? text)
    {
        if (text is null)
            return "";
        var isPlain =
            text.Length > 0 && !text.AsSpan().ContainsAny(",\"\r\n") && text.Trim().Length == text.Length;
        return isPlain ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }

    // an array with one object a line: a document for programs, and still one row a line for grep
    private static void WriteJson(RowSet rows, TextWriter writer)
    {
        writer.Write("[");
        for (var i = 0; i < rows.Rows.Length; i++)
            writer.Write((i == 0 ? "\n  " : ",\n  ") + JsonRow(rows, rows.Rows[i]));
        writer.Write(rows.Rows.IsEmpty ? "]\n" : "\n]\n");
    }

    private static string JsonRow(RowSet rows, object?[] row) =>
        JsonLine.Write(json =>
        {
            for (var i = 0; i < row.Length; i++)
            {
                json.WritePropertyName(rows.Columns[i].Name);
                WriteValue(json, row[i]);
            }
        });

    private static void WriteValue(Utf8JsonWriter json, object? value)
    {
        switch (value)
        {
            case null or DBNull:
                json.WriteNullValue();
                break;
            case bool flag:
                json.WriteBooleanValue(flag);
                break;
            case double number when !double.IsFinite(number):
            case float single when !float.IsFinite(single):
                json.WriteStringValue(ValueText.Of(value));
                break;
            case var number when ValueText.IsNumber(number):
                json.WriteRawValue(string.Create(CultureInfo.InvariantCulture, $"{number}"));
                break;
            case System.Collections.IEnumerable list
            and not string
            and not byte[]
            and not System.Collections.IDictionary:
                json.WriteStartArray();
                foreach (var item in list)
                    WriteValue(json, item);
                json.WriteEndArray();
                break;
            default:
                json.WriteStringValue(ValueText.Of(value));
                break;
        }
    }

    private static string OneLine(string text) =>
        text.AsSpan().ContainsAny("\n\r\t")
            ? text.Replace("\r\n", "⏎", StringComparison.Ordinal)
                .Replace('\n', '⏎')
                .Replace('\r', '⏎')
                .Replace('\t', ' ')
            : text;
}
