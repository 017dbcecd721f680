using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Strata.Compiler.Manifest.Json;

namespace Strata.Runner.Adapters.Values;

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

    /// <summary>Texts as a JSON array.</summary>
    public static string Of(ImmutableArray<string> texts) =>
        JsonSerializer.Serialize([.. texts], PlainJsonContext.Default.StringArray);

    /// <summary>The map in a JSON object; empty for a JSON null.</summary>
    /// <exception cref="JsonException">Not an object of texts.</exception>
    public static ImmutableSortedDictionary<string, string> Map(string json) =>
        JsonSerializer.Deserialize(json, PlainJsonContext.Default.ImmutableSortedDictionaryStringString)
        ?? ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>The texts in a JSON array; none for a JSON null.</summary>
    /// <exception cref="JsonException">Not an array of texts.</exception>
    public static ImmutableArray<string> Texts(string json) =>
        [.. JsonSerializer.Deserialize(json, PlainJsonContext.Default.StringArray) ?? []];

    /// <summary>A value as a YAML file gives it.</summary>
    public static string OfTree(object? value)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
            ValueJson.Write(writer, value);
        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }
}

/// <summary>The types that <see cref="PlainJson"/> writes and reads, known when strata is compiled.</summary>
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(string[]))]
[JsonSerializable(typeof(ImmutableSortedDictionary<string, string>))]
internal sealed partial class PlainJsonContext : JsonSerializerContext;
