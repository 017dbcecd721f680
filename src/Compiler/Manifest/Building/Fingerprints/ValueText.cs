using System.Collections;
using Strata.Compiler.Project.Yaml;

namespace Strata.Compiler.Manifest.Building.Fingerprints;

/// <summary>Plain values as one unambiguous text, for hashes.</summary>
internal static class ValueText
{
    public static string Of(object? value) =>
        value switch
        {
            string text => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'",
            IReadOnlyDictionary<string, object?> map =>
                $"{{{string.Join(',', map.Select(pair => $"{Of(pair.Key)}:{Of(pair.Value)}"))}}}",
            IEnumerable items => $"[{string.Join(',', items.Cast<object?>().Select(Of))}]",
            _ => YamlScalar.Print(value),
        };
}
