using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Project.Yaml;

namespace Strata.Compiler.Project.Configuration;

/// <summary>A length of time in words: <c>7 days</c>, <c>12 hours</c>, <c>90 minutes</c>.</summary>
internal sealed class LengthOfTime : YamlType<TimeSpan>
{
    public static readonly LengthOfTime Instance = new();

    private LengthOfTime() { }

    public override bool TryBind(YamlNode node, string name, YamlContext context, out TimeSpan value)
    {
        value = default;
        if (node is YamlScalar scalar)
        {
            if (context.Resolve(scalar) is not { } resolved)
                return false;
            if (Parse(resolved.Text) is { } length)
            {
                value = length;
                return true;
            }
        }
        context.Diagnostics.Add(
            ProjectDiagnostics.WrongType(
                node.Span,
                name,
                "a length of time such as '7 days', '12 hours' or '90 minutes'",
                node is YamlScalar other ? $"'{other.Text}'" : node.Kind
            )
        );
        return false;
    }

    public override void Describe(JsonSchemaWriter writer) => writer.Type("string");

    public static TimeSpan? Parse(string text)
    {
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (
            words.Length != 2
            || !int.TryParse(words[0], NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            || count > 1_000_000
        )
            return null;
        return words[1].ToLowerInvariant() switch
        {
            "minute" or "minutes" => TimeSpan.FromMinutes(count),
            "hour" or "hours" => TimeSpan.FromHours(count),
            "day" or "days" => TimeSpan.FromDays(count),
            _ => null,
        };
    }
}
