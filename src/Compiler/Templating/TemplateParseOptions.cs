namespace Strata.Compiler.Templating;

/// <summary>How a template's text is read.</summary>
public sealed record TemplateParseOptions
{
    public static readonly TemplateParseOptions Default = new();

    /// <summary>Reads exactly as the Scriban language is specified, without our stricter checks and extensions.</summary>
    public static readonly TemplateParseOptions Lenient = new() { IsLenient = true };

    /// <summary>The whole text is code, without <c>{{ }}</c> around it.</summary>
    public bool IsScript { get; init; }

    /// <summary>
    /// Off (the default): a code block must be closed, <c>elseif</c> is reported, and expressions may go on
    /// over lines inside parentheses, after an operator and before a pipe.
    /// </summary>
    public bool IsLenient { get; init; }

    /// <summary>How deep statements and expressions may nest.</summary>
    public int MaxDepth { get; init; } = 250;
}
