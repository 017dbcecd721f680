using System.Collections.Immutable;
using Strata.Compiler.Graph;
using Strata.Compiler.Manifest;
using Strata.Compiler.Manifest.Models;
using Strata.Compiler.Rendering.Linking;
using Strata.Compiler.Sql;
using Strata.Runner.Proving.Inputs;

namespace Strata.Runner.Proving.Replaying;

/// <summary>The project cut down to one model and what it reads, all on one engine inside this process. Pure.</summary>
internal static class ScratchProject
{
    public const string Connection = "embedded";
    public const string ArrivalSchema = "prove_arrivals";

    /// <summary>What a model's two renderings read, in the order of its query.</summary>
    public static ImmutableArray<RelationNode> InputsOf(ProjectManifest manifest, ModelNode model) =>
        [
            .. References(model)
                .Select(reference => reference.NodeId)
                .Where(id => id != model.UniqueId)
                .Distinct()
                .Select(id => manifest.Find<RelationNode>(id))
                .OfType<RelationNode>(),
        ];

    /// <summary>The name by which the model reads an input: that of its copy, if it lies elsewhere.</summary>
    public static RelationName NameOf(RelationNode input, ModelNode model) =>
        input.Connection == model.Connection || SqlDialects.Find(model.Engine) is not { } reader
            ? input.Relation
            : Replica.NameOf(input.Relation, reader);

    public static bool ReadsChangesOf(ModelNode model, RelationNode input) =>
        References(model)
            .Any(reference => reference.Kind == ReferenceKind.Changes && reference.NodeId == input.UniqueId);

    /// <param name="folder">What stands for the project's folder: landed files are looked for there.</param>
    /// <param name="seeds">Built from their files by the run itself.</param>
    public static ProjectManifest Create(
        ProjectManifest manifest,
        ModelNode model,
        ImmutableArray<ProofInput> inputs,
        ImmutableArray<SeedNode> seeds,
        string folder,
        EngineType engine
    )
    {
        var proved = model with
        {
            Connection = Connection,
            Engine = engine,
            Layer = null,
            DependsOn = [.. InputsOf(manifest, model).Select(node => node.UniqueId)],
            Config = model.Config with
            {
                // what a hook does, it does to the real database
                PreHooks = [],
                PostHooks = [],
                Publish = PublishMode.Model,
                FullRefresh = null,
            },
        };
        ImmutableArray<Node> nodes =
        [
            .. seeds.Select(seed =>
                seed with
                {
                    Connection = Connection,
                    Engine = engine,
                    Layer = null,
                    Relation = NameOf(seed, model),
                    Publish = PublishMode.Model,
                }
            ),
            .. inputs.SelectMany(input => input.Nodes),
            proved,
        ];
        var (graph, cycle) = Dag<string>.Create(
            [.. nodes.Select(node => node.UniqueId)],
            id => nodes.First(node => node.UniqueId == id).DependsOn
        );
        return manifest with
        {
            ProjectFolder = folder,
            Connections = ImmutableSortedDictionary<string, ConnectionConfig>.Empty,
            Layers = ImmutableSortedDictionary<string, LayerConfig>.Empty,
            // nobody goes back to an earlier run of a replay
            Retention = new RetentionConfig(0, 0),
            OnRunStart = [],
            OnRunEnd = [],
            Nodes = nodes.ToImmutableSortedDictionary(node => node.UniqueId, node => node),
            Graph = graph ?? throw new InvalidOperationException($"a cycle: {string.Join(", ", cycle)}"),
        };
    }

    private static IEnumerable<RelationReference> References(ModelNode model) =>
        model
            .Full.References.Concat(model.Incremental?.References ?? [])
            .Where(reference => reference.Kind != ReferenceKind.This);
}
