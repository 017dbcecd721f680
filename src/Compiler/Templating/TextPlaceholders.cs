namespace Strata.Compiler.Templating;

/// <summary>How a host's values that are known only after rendering are told in text.</summary>
/// <param name="Is">Whether a text is nothing but one of them.</param>
/// <param name="IsIn">Whether a text holds one.</param>
/// <param name="Reason">Why a function cannot look inside of it, and what to do.</param>
public sealed record TextPlaceholders(Func<string, bool> Is, Func<string, bool> IsIn, string Reason);
