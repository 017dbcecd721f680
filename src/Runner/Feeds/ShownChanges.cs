using Strata.Compiler.Manifest;
using Strata.Compiler.Rendering.Linking;
using Strata.Compiler.Sql;
using Strata.Runner.Files;

namespace Strata.Runner.Feeds;

/// <summary>
/// The compiled SQL of a model as it can be run in a client. Where it reads <c>changes</c>, a run puts in what this consumer has not read
/// yet; here it is every row, and in a batch everything that the feed holds: how far the consumer has come only its state knows. Pure.
/// </summary>
public static class ShownChanges
{
    public static string Of(ProjectManifest manifest, Node node, CompiledSql sql) =>
        node is ModelNode model
        && sql.Reads.Any(reference => reference.Kind == ReferenceKind.Changes)
        && SqlDialects.Find(model.Engine) is { } dialect
            ? sql.Bind(reference => Query(manifest, model, sql, reference, dialect)).Text
            : sql.Text;

    private static string? Query(
        ProjectManifest manifest,
        ModelNode model,
        CompiledSql sql,
        RelationReference reference,
        SqlDialect dialect
    )
    {
        if (
            reference.Kind != ReferenceKind.Changes
            || manifest.Find<RelationNode>(reference.NodeId) is not { } read
        )
            return null;
        var relation =
            read.Connection == model.Connection ? read.Relation : Replica.NameOf(read.Relation, dialect);
        var query = ReferenceEquals(sql, model.Incremental)
            ? $"(select * from {dialect.Quote(FeedTables.Of(relation, dialect))} where {FeedTables.BatchColumn} > 0 "
                + $"/* the batch that was taken in last */ and {FeedTables.IsRow})"
            : $"(select *, 'insert' as {FeedTables.ChangeColumn}, cast(1 as {dialect.TypeName(SqlType.BigInt)}) as {FeedTables.BatchColumn} "
                + $"from {dialect.Quote(relation)})";
        return TableAlias.Follows(sql.Text, reference.Span.End)
            ? query
            : $"{query} as {dialect.QuoteIdentifier(read.Relation.Name)}";
    }
}
