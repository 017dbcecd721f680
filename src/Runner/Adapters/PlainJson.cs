using System.Collections;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Strata.Runner.Adapters;

/// <summary>
/// JSON of the few shapes that statements and state tables hold: texts, lists and maps of texts, and the trees of YAML values.
/// Nothing here reflects over types, so that strata can be compiled to a native program.
/// </summary>
internal static class PlainJson
{
    /// <summary>A text as a JSON string, with its quotes.</summary>
    public static string Of(string text) => JsonSerializer.Serialize(text, PlainJsonContext.Default.String);

    /// <summary>A map as a JSON object.</summary>
    public static string Of(ImmutableSortedDictionary<string, string> map) =>
        JsonSerializer.Serialize(map, PlainJsonContext.Default.ImmutableSortedDictionaryStringString);

    /// <summary>The map in a JSON object; empty for a JSON null.</summary>
    /// <exception cref="JsonException">Not an object of texts.</exception>
    public static ImmutableSortedDictionary<string, string> Map(string json) =>
        JsonSerializer.Deserialize(json, PlainJsonContext.Default.ImmutableSortedDictionaryStringString)
        ?? ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>The texts in a JSON array; none for a JSON null.</summary>
    /// <exception cref="JsonException">Not an array of texts.</exception>
    public static ImmutableArray<string> Texts(string json) =>
        [.. JsonSerializer.Deserialize(json, PlainJsonContext.Default.StringArray) ?? []];

    /// <summary>A value as a YAML file gives it: null, a truth value, a number, a text, a list or a map of those.</summary>
    public static string OfTree(object? value)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
            Write(writer, value);
        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    private static void Write(Utf8JsonWriter writer, object? value)
    {
        switch (value)
        {
            case null:
                writer.WriteNullValue();
                break;
            case string text:
                writer.WriteStringValue(text);
                break;
            case bool truth:
                writer.WriteBooleanValue(truth);
                break;
            case int or long:
                writer.WriteNumberValue(Convert.ToInt64(value, CultureInfo.InvariantCulture));
                break;
            case decimal number:
                writer.WriteNumberValue(number);
                break;
            case double number when double.IsFinite(number):
                writer.WriteNumberValue(number);
                break;
            case IDictionary map:
                writer.WriteStartObject();
                foreach (DictionaryEntry entry in map)
                {
                    writer.WritePropertyName(Convert.ToString(entry.Key, CultureInfo.InvariantCulture) ?? "");
                    Write(writer, entry.Value);
                }
                writer.WriteEndObject();
                break;
            case IEnumerable<KeyValuePair<string, object?>> map:
                writer.WriteStartObject();
                foreach (var (name, inner) in map)
                {
                    writer.WritePropertyName(name);
                    Write(writer, inner);
                }
                writer.WriteEndObject();
                break;
            case IEnumerable list:
                writer.WriteStartArray();
                foreach (var inner in list)
                    Write(writer, inner);
                writer.WriteEndArray();
                break;
            default:
                writer.WriteStringValue(Convert.ToString(value, CultureInfo.InvariantCulture));
                break;
        }
    }
}

/// <summary>The types that <see cref="PlainJson"/> writes and reads, known when strata is compiled.</summary>
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(string[]))]
[JsonSerializable(typeof(ImmutableSortedDictionary<string, string>))]
internal sealed partial class PlainJsonContext : JsonSerializerContext;
