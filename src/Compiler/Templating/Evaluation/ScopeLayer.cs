namespace Strata.Compiler.Templating.Evaluation;

internal enum ScopeKind : byte
{
    Global,
    With,

    /// <summary>The parameters and new names of one call of a function with parameters.</summary>
    Function,

    /// <summary>The variable of one loop; assignments pass it by.</summary>
    Loop,
}

/// <summary>One layer of the names that can be seen, innermost first.</summary>
internal sealed class ScopeLayer(ScopeKind kind, ScopeLayer? parent, TemplateObject? store, Frame? owner)
{
    public ScopeKind Kind { get; } = kind;
    public ScopeLayer? Parent { get; } = parent;

    /// <summary>The names and values; null for a loop.</summary>
    public TemplateObject? Store { get; } = store;

    /// <summary>The call whose layer this is, for <see cref="ScopeKind.Function"/>.</summary>
    public Frame? Owner { get; } = owner;

    public string? LoopName { get; init; }

    public object? LoopValue { get; set; }
}
