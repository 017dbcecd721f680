using Strata.Compiler.Manifest;
using Strata.Compiler.Rendering.Linking;
using Strata.Compiler.Sql;
using Strata.Runner.Files;

namespace Strata.Runner.Binding;

/// <summary>Puts tables in the place of what a query reads.</summary>
internal static class InputBinding
{
    /// <param name="tableOf">The table for a reference; null leaves the published name.</param>
    public static BoundSql Bind(
        CompiledSql sql,
        ProjectManifest manifest,
        SqlDialect dialect,
        Func<(ReferenceKind Kind, string NodeId), RelationName?> tableOf
    ) =>
        sql.Bind(reference =>
        {
            if (tableOf(KeyOf(reference)) is not { } table)
                return null;
            var name = dialect.Quote(table);
            // columns may be qualified with the name that is replaced
            return
                manifest.Find<RelationNode>(reference.NodeId) is not { } node
                || node.Relation.Name == table.Name
                || TableAlias.Follows(sql.Text, reference.Span.End)
                ? name
                : $"{name} as {dialect.QuoteIdentifier(node.Relation.Name)}";
        });

    /// <summary>References that read the same rows.</summary>
    public static (ReferenceKind Kind, string NodeId) KeyOf(RelationReference reference) =>
        (reference.Kind == ReferenceKind.Source ? ReferenceKind.Ref : reference.Kind, reference.NodeId);
}
