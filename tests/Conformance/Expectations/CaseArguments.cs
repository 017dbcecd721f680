using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Strata.Compiler.Manifest;

namespace Strata.Conformance.Expectations;

/// <summary>JSON as the compiler would have read it from YAML.</summary>
internal static class CaseArguments
{
    public static object? Read(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.Null => null,
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            JsonValueKind.Number => value.TryGetInt64(out var whole) ? (object)whole : value.GetDouble(),
            JsonValueKind.String => value.GetString(),
            JsonValueKind.Array => value.EnumerateArray().Select(Read).ToImmutableArray(),
            JsonValueKind.Object when value.TryGetProperty("$float", out var special) => double.Parse(
                special.GetString() ?? "",
                CultureInfo.InvariantCulture
            ),
            JsonValueKind.Object => value
                .EnumerateObject()
                .ToImmutableSortedDictionary(p => p.Name, p => Read(p.Value)),
            _ => throw new NotSupportedException(value.ValueKind.ToString()),
        };

    public static TestArgument Argument(JsonElement value) =>
        value.ValueKind == JsonValueKind.Object && value.TryGetProperty("$ref", out var name)
            ? new TestArgument(name.GetString(), name.GetString(), Given.File.Span(0, 6))
            : new TestArgument(Read(value), null, Given.File.Span(0, 6));
}
