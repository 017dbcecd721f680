using Strata.Compiler.Manifest;
using Strata.Runner.History;
using Strata.Runner.Materializations;

namespace Strata.Runner.Proving;

/// <summary>How what happened to an input reaches the model.</summary>
internal enum InputGrowth
{
    /// <summary>The model reads the relation, whatever it holds.</summary>
    Relation,

    /// <summary>Through changes: rows are added and nothing else.</summary>
    Append,

    /// <summary>Through changes: rows are added and updated by key.</summary>
    Merge,

    /// <summary>Through changes: all rows of a key are deleted, and others inserted.</summary>
    Replace,

    /// <summary>Through changes: rows are added, updated and deleted by key.</summary>
    Follow,
}

internal static class InputGrowths
{
    /// <summary>How an input whose changes are read grows in earnest; a relation that is built whole has no changes to speak of.</summary>
    public static InputGrowth Of(RelationNode input) =>
        input is not ModelNode model ? InputGrowth.Append
        : RowIdentity.IsFollowed(model.Config) ? InputGrowth.Follow
        : model.Config.Materialized != Materialization.Incremental ? InputGrowth.Append
        : IncrementalBatch.StrategyOf(model.Config) switch
        {
            IncrementalStrategy.Merge => InputGrowth.Merge,
            IncrementalStrategy.DeleteInsert
            or IncrementalStrategy.InsertOverwrite
            or IncrementalStrategy.Microbatch => InputGrowth.Replace,
            _ => InputGrowth.Append,
        };
}
