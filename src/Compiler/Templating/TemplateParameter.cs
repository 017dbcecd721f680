namespace Strata.Compiler.Templating;

/// <summary>A parameter of a function, filled by position or by name.</summary>
public sealed record TemplateParameter(string Name)
{
    public bool IsOptional { get; init; }

    /// <summary>The value where the argument is left out.</summary>
    public object? Default { get; init; }

    /// <summary>Takes all further arguments given by position. Must be the last one.</summary>
    public bool IsVariadic { get; init; }

    public bool IsRequired => !IsOptional && !IsVariadic;

    public static TemplateParameter Optional(string name, object? @default = null) =>
        new(name) { IsOptional = true, Default = @default };

    public static TemplateParameter Variadic(string name) => new(name) { IsVariadic = true };
}
