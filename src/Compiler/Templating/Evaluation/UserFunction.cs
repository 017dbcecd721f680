using System.Collections.Immutable;
using Strata.Compiler.Templating.Syntax;
using Strata.Compiler.Text;

namespace Strata.Compiler.Templating.Evaluation;

/// <summary>A function defined in a template: <c>func</c>, the inline form, or <c>do ... end</c>.</summary>
internal sealed class UserFunction : TemplateFunction
{
    private ImmutableArray<TemplateParameter> _parameters;

    public UserFunction(
        FunctionDefinition definition,
        SourceText source,
        bool isLocal = false,
        Frame? lexical = null
    )
        : base(definition.Name ?? "do")
    {
        Definition = definition;
        Source = source;
        IsLocal = isLocal;
        Lexical = lexical;
        Scope = lexical?.Scope;
    }

    public FunctionDefinition Definition { get; }

    public SourceText Source { get; }

    /// <summary>Whether it is held by a local name, under which it finds itself again.</summary>
    public bool IsLocal { get; }

    /// <summary>The call that it was written in, where it may see that call's parameters.</summary>
    public Frame? Lexical { get; }

    public ScopeLayer? Scope { get; }

    public bool IsParametric => Definition.Parameters is not null;

    /// <summary>How messages name it.</summary>
    public string Title => Definition.Name is { } name ? $"'{(IsLocal ? "$" : "")}{name}'" : "the function";

    public override ImmutableArray<TemplateParameter> Parameters
    {
        get
        {
            if (_parameters.IsDefault)
            {
                _parameters =
                [
                    .. (Definition.Parameters ?? []).Select(parameter => new TemplateParameter(parameter.Name)
                    {
                        IsOptional = parameter.Default is not null,
                        IsVariadic = parameter.IsVariadic,
                    }),
                ];
            }
            return _parameters;
        }
    }

    internal override object? Invoke(TemplateCallContext call) =>
        throw new InvalidOperationException("functions of templates are run by the evaluator");
}
