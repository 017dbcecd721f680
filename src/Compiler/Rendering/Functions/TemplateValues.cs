using System.Collections.Immutable;
using System.Globalization;
using System.Numerics;
using Strata.Compiler.Templating;

namespace Strata.Compiler.Rendering.Functions;

/// <summary>Turns values of the template language into plain ones, as YAML gives them.</summary>
internal static class TemplateValues
{
    public static object? ToPlain(object? value) =>
        value switch
        {
            null or bool or string or long or double => value,
            int number => (long)number,
            float number => (double)number,
            decimal number => (double)number,
            BigInteger number => number.ToString(CultureInfo.InvariantCulture),
            DateTime time => time.ToString("O", CultureInfo.InvariantCulture),
            TemplateObject { Text: { } text } => text,
            TemplateObject members => members.ToImmutableSortedDictionary(
                member => member.Key,
                member => ToPlain(member.Value),
                StringComparer.Ordinal
            ),
            System.Collections.IEnumerable items => items.Cast<object?>().Select(ToPlain).ToImmutableArray(),
            _ => Convert.ToString(value, CultureInfo.InvariantCulture),
        };
}
