using Strata.Compiler.Text;

namespace Strata.Compiler.Templating;

/// <summary>An argument as the text has it.</summary>
/// <param name="Name">Null for an argument given by position.</param>
/// <param name="Value">The value where it is constant; arrays and objects of constants are constant.</param>
public sealed record TemplateCallArgument(string? Name, bool IsConstant, object? Value, SourceSpan Span);
