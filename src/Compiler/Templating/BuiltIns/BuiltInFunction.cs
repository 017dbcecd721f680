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

    internal override object? Invoke(TemplateCallContext call) => body(call);
}
