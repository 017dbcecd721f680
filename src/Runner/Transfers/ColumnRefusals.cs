using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;
using Strata.Compiler.Rendering.Linking;
using Strata.Compiler.Sql;
using Strata.Compiler.Text;
using Strata.Runner.Adapters.Bulk;
using Strata.Runner.Planning;

namespace Strata.Runner.Transfers;

/// <summary>The columns of a transfer that cannot be carried exactly, as diagnostics at the line that asks for them.</summary>
internal static class ColumnRefusals
{
    /// <param name="to">The receiving engine's dialect.</param>
    public static ImmutableArray<Diagnostic> Of(
        ProjectManifest manifest,
        Transfer transfer,
        SqlDialect to,
        ImmutableArray<ColumnMapping> columns
    ) =>
        Of(
            manifest,
            transfer,
            to,
            columns.Select(column =>
                (
                    column.Column.Name,
                    ProblemOfName(transfer.Producer, to, column.Column.Name)
                        ?? (column.Problem, HintOf(transfer.Producer, column.Cast))
                )
            )
        );

    /// <summary>Of columns whose names are known, and not their types.</summary>
    public static ImmutableArray<Diagnostic> OfNames(
        ProjectManifest manifest,
        Transfer transfer,
        SqlDialect to,
        IEnumerable<string> names
    ) =>
        Of(
            manifest,
            transfer,
            to,
            names.Select(name => (name, ProblemOfName(transfer.Producer, to, name) ?? (null, null)))
        );

    private static ImmutableArray<Diagnostic> Of(
        ProjectManifest manifest,
        Transfer transfer,
        SqlDialect to,
        IEnumerable<(string Name, (string? Problem, string? Hint) Refused)> columns
    )
    {
        var producer = transfer.Producer;
        var reader = ReaderOf(manifest, transfer);
        return
        [
            .. columns
                .Where(column => column.Refused.Problem is not null)
                .Select(column =>
                    EngineDiagnostics.LossyColumn(
                        reader ?? producer.Declaration,
                        to.Name,
                        producer.Name,
                        column.Name,
                        column.Refused.Problem ?? "",
                        column.Refused.Hint
                    ) with
                    {
                        Notes = reader is null
                            ? []
                            : [new DiagnosticNote(producer.Declaration, $"'{producer.Name}' has the column")],
                    }
                ),
        ];
    }

    /// <summary>An engine that cuts a name in silence would give another column, or one name to two.</summary>
    private static (string? Problem, string? Hint)? ProblemOfName(
        RelationNode producer,
        SqlDialect to,
        string name
    )
    {
        var bytes = Encoding.UTF8.GetByteCount(name);
        var problem =
            bytes > to.MaxIdentifierBytes
                ? string.Create(
                    CultureInfo.InvariantCulture,
                    $"its name has {bytes} bytes, names of {to.Name} have {to.MaxIdentifierBytes} at most"
                )
            : to.IsSystemColumn(name) ? $"every table of {to.Name} has a column {name} of its own"
            : null;
        return problem is null
            ? null
            : (
                problem,
                producer is ModelNode
                    ? $"give it another name in '{producer.Name}'"
                    : $"read it through a model on '{producer.Connection}' that gives it another name"
            );
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
