using Strata.Compiler.Sql;
using Strata.Runner.Adapters;

namespace Strata.Runner.Orphans;

/// <summary>A relation that Strata made and that no node owns any more.</summary>
/// <param name="Node">The node that it was published for.</param>
/// <param name="Rows">How many rows it had when it was published last; where that is not known, and of a quarantine, how many it has.</param>
/// <param name="Why">Why nothing owns it, in words.</param>
public sealed record Orphan(
    string Connection,
    string Node,
    RelationName Relation,
    RelationKind Kind,
    long? Rows,
    string Why
)
{
    /// <summary>The versions of a snapshot: what its query gave in the past, which nobody can ask for again.</summary>
    public bool IsHistory => !IsPart && Node.StartsWith("snapshot.", StringComparison.Ordinal);

    /// <summary>Its node is in the project, but disabled: what is built again when it is enabled is not to be built from nothing.</summary>
    public bool IsDisabled { get; init; }

    /// <summary>It belongs to a relation that the state knows, and is not known by itself.</summary>
    public bool IsPart { get; init; }

    /// <summary>It holds what tests set aside, with what was corrected there.</summary>
    public bool IsQuarantine { get; init; }

    /// <summary>A table of which nothing else tells how many rows would go.</summary>
    public bool HasRowsToCount => Rows is null && Kind == RelationKind.Table && (IsQuarantine || !IsPart);

    /// <summary>Whether it is what the other one is, however many rows have come since.</summary>
    public bool Is(Orphan other) => this with { Rows = other.Rows } == other;
}
