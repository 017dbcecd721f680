using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Strata.Tests.Engine.Planning;

namespace Strata.Tests.Engine.Memory;

/// <summary>The columns that a relation had when a baseline was taken, in their order, as JSON.</summary>
internal static class StoredColumns
{
    public static string ToJson(ImmutableArray<CheckColumn> columns)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartArray();
            foreach (var column in columns)
            {
                json.WriteStartObject();
                json.WriteString("name", column.Name);
                json.WriteString("type", column.Type);
                json.WriteEndObject();
            }
            json.WriteEndArray();
        }
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    /// <returns>Null where the text is no list of columns: then there is no baseline.</returns>
    public static ImmutableArray<CheckColumn>? Read(string text)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            return
            [
                .. json
                    .RootElement.EnumerateArray()
                    .Select(column => new CheckColumn(
                        column.GetProperty("name").GetString() ?? "",
                        column.GetProperty("type").GetString()
                    )),
            ];
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return null;
        }
    }
}
