using System.Collections.Immutable;

namespace Strata.Compiler.Templating.BuiltIns;

/// <summary>A function of the language with its entry in the reference.</summary>
internal sealed class BuiltInFunction(
    string name,
    string description,
    ImmutableArray<TemplateParameter> parameters,
    Func<TemplateCallContext, object?> body,
    string? example = null,
    string? output = null,
    bool takesAnyName = false
) : TemplateFunction(name)
{
    public override bool TakesAnyName => takesAnyName;

    public override ImmutableArray<TemplateParameter> Parameters => parameters;

    public string Description { get; } = description;

    /// <summary>A template that shows the function; run by a test.</summary>
    public string? Example { get; } = example;

    /// <summary>What the example prints; null where it differs from run to run.</summary>
    public string? Output { get; } = output;

    internal override object? Invoke(TemplateCallContext call)
    {
        if (call.Context.Options.Placeholders is { } placeholders && LooksInside)
        {
            for (var i = 0; i < call.Count; i++)
            {
                var text = call[i] as string ?? (call[i] as TemplateObject)?.Text;
                if (text is not null && (placeholders.Is(text) || IsCode && placeholders.IsIn(text)))
                    throw call.Invalid(i, placeholders.Reason);
            }
        }
        return body(call);
    }

    /// <summary>Whether the result depends on the characters of a text, and does not only hold them.</summary>
    private bool LooksInside =>
        Name.StartsWith("regex.", StringComparison.Ordinal)
        || Name.StartsWith("string.", StringComparison.Ordinal)
            && Name
                is not (
                    "string.append"
                    or "string.prepend"
                    or "string.empty"
                    or "string.whitespace"
                    or "string.strip"
                    or "string.lstrip"
                    or "string.rstrip"
                    or "string.strip_newlines"
                );

    /// <summary>Whether nothing of the text can be found again in the result.</summary>
    private bool IsCode =>
        Name.StartsWith("string.md5", StringComparison.Ordinal)
        || Name.StartsWith("string.sha", StringComparison.Ordinal)
        || Name.StartsWith("string.hmac", StringComparison.Ordinal)
        || Name == "string.base64_encode";
}
