using System.Collections.Immutable;
using Strata.Compiler.Analysis.Rows;
using Strata.Compiler.Manifest.Models;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;

namespace Strata.Runner.Materializations;

/// <summary>A staged batch together with the way it enters its target.</summary>
public sealed record IncrementalBatch(
    StagedRelation Staged,
    ColumnPlan Columns,
    IncrementalStrategy Strategy,
    KeyMatch Match,
    ModelConfig Config
)
{
    public const string FileColumn = FilesOfRows.FileColumn;

    /// <summary>The column that says of a row which landed file it is of; null if there is none.</summary>
    public static ColumnSchema? FileColumnOf(ImmutableArray<ColumnSchema> columns) =>
        columns.Find(FileColumn);

    /// <summary>Landed files whose rows leave the target, because they changed or are gone.</summary>
    public ImmutableArray<string> ReplacedFiles { get; init; } = [];

    /// <summary>The same batch, which overwrites the rows of some files as if each were a partition.</summary>
    public IncrementalBatch ReplaceFiles(ImmutableArray<string> files) =>
        this with
        {
            Strategy = IncrementalStrategy.InsertOverwrite,
            Config = Config with { PartitionBy = [FileColumn] },
            ReplacedFiles = files,
        };

    /// <summary>Columns that the query gives in another type than the target has, which they take: as the query has them.</summary>
    public ImmutableArray<ColumnSchema> Cast { get; init; } = [];

    /// <summary>Those of <see cref="Cast"/> whose values nobody has been told of yet.</summary>
    public ImmutableArray<ColumnSchema> NewlyCast { get; init; } = [];

    /// <summary>Of a microbatch model: the periods of the target that the batch replaces.</summary>
    public ReplacedPeriods? Periods { get; init; }

    /// <summary>A staged table with the keys of rows that leave the target; a key is never in the batch, too. Merge only.</summary>
    public RelationName? Gone { get; init; }

    /// <summary>Finds the keys of <see cref="Gone"/>, which lie elsewhere than those of the batch.</summary>
    public KeyMatch MatchGone => Match with { Range = null };

    /// <summary>Of a merge whose changes are staged, on engines that replace rather than update: what it writes.</summary>
    public MergeChanges? Merged { get; init; }

    /// <summary>Of another merge there, in its publishing transaction: where it meets its target.</summary>
    public MatchedRows? Met { get; init; }

    /// <summary>Whether two rows of a batch with the same key would be one too many.</summary>
    public static bool NeedsUniqueKeys(ModelConfig config) =>
        !config.UniqueKey.IsEmpty
        && config.Strategy is IncrementalStrategy.Merge or IncrementalStrategy.Microbatch;
}
