using System.Collections.Immutable;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;
using Strata.Compiler.Rendering;
using Strata.Compiler.Text;
using Strata.Runner.Adapters;
using Strata.Runner.Planning;

namespace Strata.Runner.Transfers;

/// <summary>The columns of a transfer that cannot be carried exactly, as diagnostics at the line that asks for them.</summary>
internal static class ColumnRefusals
{
    /// <param name="engine">The receiving engine, as the user knows it.</param>
    public static ImmutableArray<Diagnostic> Of(
        ProjectManifest manifest,
        Transfer transfer,
        string engine,
        ImmutableArray<ColumnMapping> columns
    )
    {
        var producer = transfer.Producer;
        var reader = ReaderOf(manifest, transfer);
        return
        [
            .. columns
                .Where(column => column.Problem is not null)
                .Select(column =>
                    EngineDiagnostics.LossyColumn(
                        reader ?? producer.Declaration,
                        engine,
                        producer.Name,
                        column.Column.Name,
                        column.Problem ?? "",
                        HintOf(producer, column.Cast)
                    ) with
                    {
                        Notes = reader is null
                            ? []
                            : [new DiagnosticNote(producer.Declaration, $"'{producer.Name}' has the column")],
                    }
                ),
        ];
    }

    // the whole relation crosses, so a cast behind the crossing comes too late
    private static string? HintOf(RelationNode producer, string? cast) =>
        (producer, cast) switch
        {
            (_, null) => null,
            (ModelNode, _) => $"write {cast} in '{producer.Name}'",
            _ => $"read it through a model on '{producer.Connection}' that writes {cast}",
        };

    /// <summary>The first mention of the producer on the other connection.</summary>
    private static SourceSpan? ReaderOf(ProjectManifest manifest, Transfer transfer) =>
        manifest
            .Graph.Sorted.Select(id => manifest.Nodes[id])
            .SelectMany(node =>
                node switch
                {
                    ModelNode model when model.Connection == transfer.Connection => Mentions(model.Full),
                    TestNode test when test.Connection == transfer.Connection => Mentions(test.Query),
                    _ => [],
                }
            )
            .FirstOrDefault(reference => reference.NodeId == transfer.Producer.UniqueId)
            ?.Origin;

    private static IEnumerable<RelationReference> Mentions(CompiledSql? sql) =>
        sql is null ? [] : sql.References;
}
