using System.Collections.Immutable;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;

namespace Strata.Runner.Materializations;

/// <summary>A node's rows before they are published, and what is known about them.</summary>
public sealed record StagedRelation
{
    /// <summary>The relation that readers will see.</summary>
    public required RelationName Published { get; init; }

    /// <summary>What is there now under that name.</summary>
    public RelationInfo? Existing { get; init; }

    /// <summary>The table that holds the staged rows: all of them, or the batch. Of a view: the post-image.</summary>
    public required RelationName Physical { get; init; }

    /// <summary>What others of the run, and the tests, read.</summary>
    public required RelationName PostImage { get; init; }

    /// <summary>The columns of the physical stage.</summary>
    public ImmutableArray<ColumnSchema> Columns { get; init; } = [];

    /// <summary>The columns that identify a row; empty when there is no key.</summary>
    public ImmutableArray<string> Key { get; init; } = [];

    /// <summary>Later batches, or readers that join, will look rows up by key.</summary>
    public bool IsLookedUp { get; init; }

    /// <summary>No two staged rows have the same key, nor published ones as far as is known; otherwise a key stands for several rows.</summary>
    public bool IsKeyUnique { get; init; }

    /// <summary>A replica whose producer holds several rows of a key, though it merges: its changes cannot stand for the whole.</summary>
    public bool HasSeveralOfAKey { get; init; }

    /// <summary>Columns that are carried but never compared.</summary>
    public ImmutableHashSet<string> Volatile { get; init; } =
        ImmutableHashSet.Create<string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Rows in the physical stage.</summary>
    public long Rows { get; init; }

    /// <summary>Rows of which a part of the key is null.</summary>
    public long NullKeyRows { get; init; }

    /// <summary>Where the first column of the key lies, if that is known; not set for one that has no row but nulls.</summary>
    public KeyRange? KeyRange { get; init; }

    /// <summary>Of a whole table: how it is going to be published.</summary>
    public WriterChoice? Writer { get; init; }

    /// <summary>Of a table that was compared: the table of <see cref="TableComparison.Places"/>.</summary>
    public RelationName? Places { get; init; }

    /// <summary>What the comparison came to.</summary>
    public TableDifferences? Differences { get; init; }

    /// <summary>The same table, to be published without what a comparison has found: others have changed the published one since.</summary>
    public StagedRelation Uncompared(bool identityMatters) =>
        this with
        {
            Places = null,
            Differences = null,
            Writer = WriterChoice.Choose(identityMatters, this, null),
        };

    /// <summary>What is known of the keys of what is published.</summary>
    public PublishedKey PublishedKey { get; init; } = PublishedKey.Unknown;
}
