using System.Collections.Immutable;

namespace Strata.Compiler.Graph.Comparing;

/// <summary>
/// What of a node is held against its earlier self, each part as text that is equal exactly if the part is. Parts are as
/// they are written, as far as that is known: the same project on another target has not changed.
/// </summary>
public sealed record ComparableNode
{
    /// <summary>The template of a query, or a hash of a seed's file; null for what has neither.</summary>
    public string? Body { get; init; }

    public string Config { get; init; } = "";

    public string Description { get; init; } = "";

    public string ColumnDescriptions { get; init; } = "";

    /// <summary>Whether <see cref="Description"/> is written into the database (<c>persist_docs</c>).</summary>
    public bool PersistsDescription { get; init; }

    /// <summary>The same of <see cref="ColumnDescriptions"/>.</summary>
    public bool PersistsColumnDescriptions { get; init; }

    /// <summary>Where the configuration says that the relation lives.</summary>
    public string Relation { get; init; } = "";

    /// <summary>Where it lives, which may differ from target to target.</summary>
    public string Place { get; init; } = "";

    /// <summary>The columns that a contract demands; empty without one.</summary>
    public string Contract { get; init; } = "";

    /// <summary>What else makes the node: files of a source, arguments of a test.</summary>
    public string Rest { get; init; } = "";

    public ImmutableArray<string> Fqn { get; init; } = [];

    /// <summary>Ids of the macros that it calls itself.</summary>
    public ImmutableArray<string> Macros { get; init; } = [];
}
