using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Strata.Tests.Engine.Memory;

/// <summary>
/// How the values of a column were distributed when a baseline was taken. Of numbers: the upper edges of quantile bins, and how many values lay
/// in each. Of anything else: the most frequent values as text, each with its count, and the count of all others together.
/// </summary>
/// <param name="Least">The least of the numbers; the first bin begins there.</param>
/// <param name="Edges">Ascending, each once, the greatest value last; each is part of the bin below it. Null for categories.</param>
/// <param name="Values">Null for numbers.</param>
/// <param name="Counts">Of each bin, or of each value.</param>
/// <param name="Others">Rows whose value is none of <paramref name="Values"/>.</param>
/// <param name="Nulls">Rows without a value; NaN is no value.</param>
internal sealed record StoredDistribution(
    double Least,
    ImmutableArray<double>? Edges,
    ImmutableArray<string>? Values,
    ImmutableArray<long> Counts,
    long Others,
    long Nulls
)
{
    public long Rows => Counts.Sum() + Others + Nulls;

    public string ToJson()
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteString("least", Text(Least));
            if (Edges is { } edges)
                WriteTexts(json, "edges", edges.Select(Text));
            if (Values is { } values)
                WriteTexts(json, "values", values);
            json.WriteStartArray("counts");
            foreach (var count in Counts)
                json.WriteNumberValue(count);
            json.WriteEndArray();
            json.WriteNumber("others", Others);
            json.WriteNumber("nulls", Nulls);
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    /// <returns>Null where the text is no distribution: then there is no baseline.</returns>
    public static StoredDistribution? Read(string text)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            var root = json.RootElement;
            return new StoredDistribution(
                Number(root.GetProperty("least")),
                root.TryGetProperty("edges", out var edges)
                    ? [.. edges.EnumerateArray().Select(Number)]
                    : null,
                root.TryGetProperty("values", out var values)
                    ? [.. values.EnumerateArray().Select(v => v.GetString() ?? "")]
                    : null,
                [.. root.GetProperty("counts").EnumerateArray().Select(c => c.GetInt64())],
                root.GetProperty("others").GetInt64(),
                root.GetProperty("nulls").GetInt64()
            );
        }
        catch (Exception e)
            when (e is JsonException or FormatException or KeyNotFoundException or InvalidOperationException)
        {
            return null;
        }
    }

    private static double Number(JsonElement text) =>
        double.Parse(text.GetString() ?? "", CultureInfo.InvariantCulture);

    private static string Text(double number) => number.ToString("R", CultureInfo.InvariantCulture);

    private static void WriteTexts(Utf8JsonWriter json, string name, IEnumerable<string> texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts)
            json.WriteStringValue(text);
        json.WriteEndArray();
    }
}
