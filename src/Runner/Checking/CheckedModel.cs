using System.Collections.Immutable;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;

namespace Strata.Runner.Checking;

public enum CheckStatus
{
    /// <summary>Its queries bind.</summary>
    Checked,

    /// <summary>Something is wrong with it, as the diagnostics say.</summary>
    HasErrors,

    /// <summary>It cannot be told whether its queries bind.</summary>
    NotChecked,
}

/// <summary>What came of binding a model.</summary>
public sealed record CheckedModel(ModelNode Model, CheckStatus Status)
{
    public ImmutableArray<Diagnostic> Diagnostics { get; init; } = [];

    /// <summary>The columns that readers see, as far as they are known.</summary>
    public ImmutableArray<string> Columns { get; init; } = [];

    /// <summary>Why it could not be checked; null if it was.</summary>
    public UncheckedReason? Reason { get; init; }

    /// <summary>Whether the columns of the relation are those of its query, so that readers can be bound.</summary>
    public bool Binds { get; init; } = true;
}
