using Strata.Compiler.Text;

namespace Strata.Compiler.Project.Yaml;

/// <summary>
/// Data that knows where it was written. It comes from YAML, or from the arguments of <c>config</c> in a
/// template, so that both go through the same checks.
/// </summary>
public abstract class YamlNode(SourceSpan span)
{
    public SourceSpan Span { get; } = span;

    /// <summary>What it is, as said in messages: <c>a list</c>.</summary>
    public abstract string Kind { get; }

    /// <summary>The plain value: null, bool, long, double, string, a list or a sorted map of such.</summary>
    public abstract object? ToValue();

    /// <summary>Wraps a plain value, all of which is said to be written at one place.</summary>
    public static YamlNode FromValue(object? value, SourceSpan span) =>
        value switch
        {
            IReadOnlyDictionary<string, object?> map => new YamlMapping(
                [
                    .. map.Select(pair => new YamlMapping.Entry(
                        new YamlScalar(pair.Key, pair.Key, isPlain: false, span),
                        FromValue(pair.Value, span)
                    )),
                ],
                span
            ),
            string text => new YamlScalar(text, text, isPlain: false, span),
            System.Collections.IEnumerable items => new YamlSequence(
                [.. items.Cast<object?>().Select(item => FromValue(item, span))],
                span
            ),
            _ => new YamlScalar(YamlScalar.Print(value), value, isPlain: true, span),
        };
}
