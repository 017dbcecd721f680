using Strata.Compiler.Manifest;
using Strata.Compiler.Manifest.Models;
using Strata.Runner.History;
using Strata.Runner.Materializations;

namespace Strata.Runner.Proving.Inputs;

/// <summary>How what happened to an input reaches the model.</summary>
internal enum InputGrowth
{
    /// <summary>The model reads the relation, whatever it holds.</summary>
    Relation,

    /// <summary>Rows are added and nothing else.</summary>
    Append,

    /// <summary>Rows are added and updated by key.</summary>
    Merge,

    /// <summary>All rows of a key are deleted, and others inserted.</summary>
    Replace,

    /// <summary>Rows are added, updated and deleted by key.</summary>
    Follow,
}

internal static class InputGrowths
{
    /// <summary>How an input grows in earnest; a relation that is built whole has no changes to speak of.</summary>
    public static InputGrowth Of(RelationNode input, ProjectManifest project) =>
        input is not ModelNode model ? InputGrowth.Append
        : RowIdentity.IsFollowed(model.Config) ? InputGrowth.Follow
        : model.Config.Materialized != Materialization.Incremental ? InputGrowth.Append
        : model.Config.Strategy switch
        {
            IncrementalStrategy.Merge => InputGrowth.Merge,
            IncrementalStrategy.DeleteInsert
            or IncrementalStrategy.InsertOverwrite
            or IncrementalStrategy.Microbatch => InputGrowth.Replace,
            // the rows of a landed file that changes go, and those of its new version come
            _ when ReplacesFiles(model, project) => InputGrowth.Replace,
            _ => InputGrowth.Append,
        };

    /// <summary>Whether rows of the model go when a landed file changes or vanishes.</summary>
    public static bool ReplacesFiles(ModelNode model, ProjectManifest project) =>
        model
            .DependsOn.Select(project.Find<SourceNode>)
            .Any(source => source?.Files is { TakesRowsAway: true });
}
