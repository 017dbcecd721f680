using System.Collections.Immutable;

namespace Strata.Compiler.Templating;

/// <summary>
/// A function that templates can call: one of the host's, a built-in, or one defined in a template. A name
/// that holds a function calls it when it is mentioned, with or without parentheses. Must be safe to share
/// between threads.
/// </summary>
public abstract class TemplateFunction
{
    private protected TemplateFunction(string name) => Name = name;

    public string Name { get; }

    /// <summary>The parameters; for a function defined without any, the arguments are found in <c>$</c>.</summary>
    public abstract ImmutableArray<TemplateParameter> Parameters { get; }

    /// <summary>Whether arguments of any name are taken, as <c>config</c> does.</summary>
    public virtual bool TakesAnyName => false;

    /// <summary>A function of the host.</summary>
    /// <param name="body">Called with the evaluated arguments; what it returns is the value of the call.</param>
    public static TemplateFunction Create(
        string name,
        ImmutableArray<TemplateParameter> parameters,
        Func<TemplateCallContext, object?> body,
        bool takesAnyName = false
    ) => new HostFunction(name, parameters, body, takesAnyName);

    internal abstract object? Invoke(TemplateCallContext call);

    public override string ToString() => $"<function {Name}>";

    private sealed class HostFunction(
        string name,
        ImmutableArray<TemplateParameter> parameters,
        Func<TemplateCallContext, object?> body,
        bool takesAnyName
    ) : TemplateFunction(name)
    {
        public override ImmutableArray<TemplateParameter> Parameters => parameters;

        public override bool TakesAnyName => takesAnyName;

        internal override object? Invoke(TemplateCallContext call) => body(call);
    }
}
