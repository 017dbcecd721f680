using System.Collections.Immutable;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest.Building.Models;
using Strata.Compiler.Rendering.Linking;

namespace Strata.Compiler.Manifest.Building.Checks;

/// <summary>What a microbatch model needs: a way to divide time, and inputs that can be divided so.</summary>
internal static class MicrobatchChecks
{
    public static void Check(RenderedModel model, DiagnosticBag diagnostics)
    {
        var config = model.Settings.Config;
        ImmutableArray<string> missing =
        [
            .. new[]
            {
                config.EventTime is null ? "event_time" : null,
                config.BatchSize is null ? "batch_size" : null,
                config.Begin is null ? "begin" : null,
            }
                .OfType<string>()
                .Where(key => !ConfigChecks.IsWritten(model, key)),
        ];
        if (!missing.IsEmpty)
            diagnostics.Add(
                MicrobatchDiagnostics.Lacks(
                    ConfigChecks.PlaceOf(model, "incremental_strategy"),
                    model.Draft.Name,
                    missing
                )
            );
        var changes = model
            .Texts.SelectMany(sql => sql.Reads)
            .Where(slot => slot.Kind == ReferenceKind.Changes);
        if (changes.FirstOrDefault() is { } slot)
            diagnostics.Add(MicrobatchDiagnostics.ReadsChanges(slot.Origin.Outermost.Span, model.Draft.Name));
    }

    /// <summary>Without an input that is divided by time, every batch would hold all rows.</summary>
    /// <param name="rendered">What the models were made of; of one that has errors it is not known what it reads.</param>
    public static void CheckInputs(
        IEnumerable<Node> nodes,
        Func<string, Node?> find,
        IReadOnlyDictionary<string, RenderedModel> rendered,
        DiagnosticBag diagnostics
    )
    {
        foreach (var model in nodes.OfType<ModelNode>())
        {
            if (model.Config.Microbatch is null || rendered[model.UniqueId].Texts.Any(sql => sql.HasErrors))
                continue;
            var read = model.Full.Reads.Concat(model.Incremental?.Reads ?? []);
            if (read.Any(reference => !reference.IsWhole && EventTimeOf(find(reference.NodeId)) is not null))
                continue;
            var inputs = model
                .DependsOn.Select(find)
                .OfType<RelationNode>()
                .ToLookup(node => node is SeedNode, node => node.Name);
            diagnostics.Add(
                MicrobatchDiagnostics.NoInputHasEventTime(
                    model.Declaration,
                    model.Name,
                    [.. inputs[false]],
                    [.. inputs[true]]
                )
            );
        }
    }

    private static string? EventTimeOf(Node? node) => (node as RelationNode)?.EventTime();
}
