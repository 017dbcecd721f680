using System.Diagnostics.CodeAnalysis;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Text;

namespace Strata.Compiler.Project.Yaml;

/// <summary>The types of single values.</summary>
internal static class YamlScalars
{
    /// <summary>Text, or anything that was written as one word: a number stays as it is written.</summary>
    public static readonly YamlType<string> Text = new ScalarType<string>(
        "text",
        "string",
        scalar => !scalar.IsNull,
        scalar => scalar.Text
    );

    /// <summary>The name of a column or an expression over some; a number is none, unless it is quoted.</summary>
    public static readonly YamlType<string> Column = new ScalarType<string>(
        "the name of a column",
        "name",
        scalar => scalar.Value is string,
        scalar => scalar.Text
    );

    /// <summary>As <see cref="Text"/>, for texts that are read further and may be wrong at their place.</summary>
    public static readonly YamlType<YamlScalar> Placed = new ScalarType<YamlScalar>(
        "text",
        "string",
        scalar => !scalar.IsNull,
        scalar => scalar
    );

    /// <summary>Text whose <c>{{ }}</c> belongs to somebody else: a hook.</summary>
    public static readonly YamlType<YamlScalar> Template = new TemplateType();

    public static readonly YamlType<bool> Boolean = new ScalarType<bool>(
        "true or false",
        "boolean",
        scalar => scalar.Value is bool,
        scalar => scalar.Value is true
    );

    public static readonly YamlType<long> Integer = new ScalarType<long>(
        "a whole number",
        "integer",
        scalar => scalar.Value is long,
        scalar => scalar.Value as long? ?? 0
    );

    /// <summary>A whole number from 0.</summary>
    public static readonly YamlType<int> Count = new ScalarType<int>(
        "a whole number from 0",
        "integer",
        scalar => scalar.Value is long and >= 0 and <= int.MaxValue,
        scalar => (int)(scalar.Value as long? ?? 0)
    );

    /// <summary>A whole number from 1, of things that nobody counts by the million.</summary>
    public static readonly YamlType<int> Positive = new ScalarType<int>(
        "a whole number from 1 to 1000000",
        "integer",
        scalar => scalar.Value is long and >= 1 and <= 1_000_000,
        scalar => (int)(scalar.Value as long? ?? 1)
    );

    /// <summary>A date or an instant; UTC where no zone is written.</summary>
    public static readonly YamlType<DateTimeOffset> Instant = new ScalarType<DateTimeOffset>(
        UtcInstant.Shape,
        "string",
        scalar => UtcInstant.TryParse(scalar.Text, out _),
        scalar => UtcInstant.TryParse(scalar.Text, out var instant) ? instant : default
    );

    public static readonly YamlType<double> Number = new ScalarType<double>(
        "a number",
        "number",
        scalar => scalar.Value is long or double,
        scalar => scalar.Value is long whole ? whole : scalar.Value as double? ?? 0
    );

    public static readonly YamlType<char> Character = new ScalarType<char>(
        "one character",
        "string",
        scalar => scalar.Text.Length == 1,
        scalar => scalar.Text[0]
    );

    /// <summary>One of some words; every word maps to a value.</summary>
    public static YamlType<T> OneOf<T>(params ReadOnlySpan<(string Word, T Value)> words) =>
        new WordType<T>(words.ToArray());

    private sealed class ScalarType<T>(
        string expected,
        string jsonType,
        Func<YamlScalar, bool> accepts,
        Func<YamlScalar, T> convert
    ) : YamlType<T>
    {
        public override bool TryBind(
            YamlNode node,
            string name,
            YamlContext context,
            [MaybeNullWhen(false)] out T value
        )
        {
            value = default;
            if (node is YamlScalar scalar)
            {
                if (context.Resolve(scalar) is not { } resolved)
                    return false;
                if (accepts(resolved))
                {
                    value = convert(resolved);
                    return true;
                }
                // one number in place of another: its kind would say nothing
                if (jsonType is "integer" or "number" && resolved.Value is long or double)
                {
                    context.Diagnostics.Add(
                        ProjectDiagnostics.WrongType(node.Span, name, expected, resolved.Text)
                    );
                    return false;
                }
            }
            context.Diagnostics.Add(ProjectDiagnostics.WrongType(node.Span, name, expected, node.Kind));
            return false;
        }

        public override void Describe(JsonSchemaWriter writer)
        {
            if (jsonType == "name")
                writer.Type("string");
            // a number is text, too, when it stands where text is meant
            else if (jsonType == "string")
                writer.Types("string", "number", "boolean");
            else
                writer.OrTemplate(() => writer.Type(jsonType));
        }
    }

    private sealed class TemplateType : YamlType<YamlScalar>
    {
        public override bool TryBind(
            YamlNode node,
            string name,
            YamlContext context,
            [MaybeNullWhen(false)] out YamlScalar value
        )
        {
            value = node as YamlScalar;
            if (value is { IsNull: false })
                return true;
            context.Diagnostics.Add(ProjectDiagnostics.WrongType(node.Span, name, "text", node.Kind));
            return false;
        }

        public override void Describe(JsonSchemaWriter writer) => writer.Type("string");
    }

    private sealed class WordType<T>((string Word, T Value)[] words) : YamlType<T>
    {
        public override bool TryBind(
            YamlNode node,
            string name,
            YamlContext context,
            [MaybeNullWhen(false)] out T value
        )
        {
            value = default;
            if (node is not YamlScalar scalar)
            {
                context.Diagnostics.Add(ProjectDiagnostics.WrongType(node.Span, name, "text", node.Kind));
                return false;
            }
            if (context.Resolve(scalar) is not { } resolved)
                return false;
            foreach (var (word, known) in words)
            {
                if (!string.Equals(word, resolved.Text, StringComparison.OrdinalIgnoreCase))
                    continue;
                value = known;
                return true;
            }
            context.Diagnostics.Add(
                ProjectDiagnostics.NotOneOf(node.Span, name, resolved.Text, [.. words.Select(w => w.Word)])
            );
            return false;
        }

        public override void Describe(JsonSchemaWriter writer) =>
            writer.OrTemplate(() =>
            {
                writer.Json.WriteStartArray("enum");
                foreach (var (word, _) in words)
                    writer.Json.WriteStringValue(word);
                writer.Json.WriteEndArray();
            });
    }
}
