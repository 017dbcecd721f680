using System.Collections.Immutable;
using System.Globalization;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters.Values;
using Strata.Runner.Feeds;
using Strata.Runner.Planning;
using Strata.Runner.Results;

namespace Strata.Runner.State.Tables;

/// <summary>The statements that move the state; they belong into the transaction that publishes the rows.</summary>
public static class StateStatements
{
    /// <summary>Many values go in one statement, but not without bound.</summary>
    internal const int RowsPerStatement = 500;

    /// <summary>Puts nodes where they now stand.</summary>
    /// <param name="known">Which of them may have stood somewhere before; null where that is not known.</param>
    internal static IEnumerable<string> SetNodes(
        SqlDialect dialect,
        IReadOnlyCollection<NodeState> nodes,
        KnownRows? known
    )
    {
        foreach (var some in nodes.Chunk(RowsPerStatement))
        {
            var before = some.Select(node => node.NodeId).Where(id => known?.MayHold(id) ?? true).ToList();
            if (before.Count > 0)
                yield return ForgetNodes(dialect, before);
            foreach (var node in some)
                known?.Add(node);
            yield return Insert(
                dialect,
                StateTables.Nodes,
                some.Select(node =>
                    Row(
                        dialect,
                        node.NodeId,
                        node.RunId,
                        node.BatchId,
                        node.Fingerprint,
                        node.Version,
                        PlainJson.Of(node.Inputs),
                        node.Rows,
                        Micros(node.Duration),
                        node.Relation?.Schema,
                        node.Relation?.Name,
                        node.Materialized?.ToString().ToLowerInvariant(),
                        node.Key is { } key ? PlainJson.Of(key) : null
                    )
                )
            );
        }
    }

    /// <summary>
    /// No other node is what this relation holds, once a run publishes a node as it: what their states tell of is gone. They keep who took
    /// it from them, as a name that no relation has.
    /// </summary>
    public static string TakeRelation(SqlDialect dialect, string node, string runId, RelationName relation)
    {
        var taken = Taken(runId, relation);
        return $"update {dialect.Quote(StateTables.Nodes)} set schema_name = {dialect.QuoteString(taken.Schema)}, relation_name = {dialect.QuoteString(taken.Name)} "
            + $"where {IsNamed(dialect, relation)} and node <> {dialect.QuoteString(node)}";
    }

    /// <summary>A condition on the columns that name a relation.</summary>
    internal static string IsNamed(SqlDialect dialect, RelationName relation)
    {
        return $"{Is("schema_name", relation.Schema)} and {Is("relation_name", relation.Name)}";

        string Is(string column, string name) =>
            dialect.FoldsCase
                ? $"lower({column}) = lower({dialect.QuoteString(name)})"
                : $"{column} = {dialect.QuoteString(name)}";
    }

    /// <summary>The publish of a run is undone: whoever was this relation before is it again.</summary>
    public static string GiveBackRelation(SqlDialect dialect, string runId, RelationName relation)
    {
        var taken = Taken(runId, relation);
        return $"update {dialect.Quote(StateTables.Nodes)} set schema_name = {dialect.QuoteString(relation.Schema)}, relation_name = {dialect.QuoteString(relation.Name)} "
            + $"where schema_name = {dialect.QuoteString(taken.Schema)} and relation_name = {dialect.QuoteString(taken.Name)}";
    }

    /// <summary>What the state of a node names as its relation, once a run has published another node as that.</summary>
    internal static RelationName Taken(string runId, RelationName relation) => new("", $"{runId}/{relation}");

    /// <summary>The run that took a relation from a node, and which; null for a name that tells of no such thing.</summary>
    internal static (string RunId, string Relation)? TakingOf(RelationName mark) =>
        mark is { Schema.Length: 0 } && mark.Name.IndexOf('/', StringComparison.Ordinal) is > 0 and var end
            ? (mark.Name[..end], mark.Name[(end + 1)..])
            : null;

    public static string ForgetNodes(SqlDialect dialect, IEnumerable<string> nodeIds) =>
        $"delete from {dialect.Quote(StateTables.Nodes)} where node in ("
        + $"{string.Join(", ", nodeIds.Select(dialect.QuoteString))})";

    public static string AppendLedger(
        SqlDialect dialect,
        NodeState node,
        PlannedAction action,
        RowCounts rows,
        DateTimeOffset publishedAt,
        int? batches
    ) => AppendLedger(dialect, node, action.ToString().ToLowerInvariant(), rows, publishedAt, batches);

    /// <param name="batches">Of a microbatch model: how many of its batches are published together.</param>
    public static string AppendLedger(
        SqlDialect dialect,
        NodeState node,
        string action,
        RowCounts rows,
        DateTimeOffset publishedAt,
        long? batches = null
    ) =>
        Insert(
            dialect,
            StateTables.Ledger,
            [
                Row(
                    dialect,
                    node.NodeId,
                    node.RunId,
                    node.BatchId,
                    action,
                    node.Fingerprint,
                    PlainJson.Of(node.Inputs),
                    rows.In,
                    rows.Out,
                    rows.Inserted,
                    rows.Updated,
                    rows.Unchanged,
                    rows.Deleted,
                    rows.MergedAway,
                    rows.Quarantined,
                    Micros(node.Duration),
                    publishedAt,
                    rows.Applied,
                    rows.WithoutEffect,
                    rows.LateDropped,
                    rows.TakenBack,
                    batches
                ),
            ]
        );

    public static string ForgetFeed(SqlDialect dialect, string node) =>
        $"delete from {dialect.Quote(StateTables.Feeds)} where node = {dialect.QuoteString(node)}";

    public static IEnumerable<string> SetFeed(SqlDialect dialect, string node, FeedState feed)
    {
        yield return ForgetFeed(dialect, node);
        yield return Insert(dialect, StateTables.Feeds, [Row(dialect, node, feed.Epoch, feed.FirstBatch)]);
    }

    /// <summary>All positions of a consumer: of what it does not read any more it has none, since what comes there meanwhile is not noted.</summary>
    public static IEnumerable<string> SetConsumed(
        SqlDialect dialect,
        string consumer,
        ImmutableArray<ConsumedFeed> consumed
    )
    {
        yield return $"delete from {dialect.Quote(StateTables.Consumed)} where consumer = {dialect.QuoteString(consumer)}";
        if (!consumed.IsEmpty)
            yield return Insert(
                dialect,
                StateTables.Consumed,
                [
                    .. consumed.Select(one =>
                        Row(dialect, consumer, one.Upstream, one.Position.Epoch, one.Position.BatchId)
                    ),
                ]
            );
    }

    /// <summary>Notes the files of a node as those of a relation that it leaves: their rows stand there.</summary>
    /// <param name="note">See <see cref="EngineSnapshot.NoteOfLeft"/>.</param>
    public static IEnumerable<string> LeaveFiles(SqlDialect dialect, string consumer, string note)
    {
        yield return ForgetFiles(dialect, note);
        yield return $"update {dialect.Quote(StateTables.Files)} set consumer = {dialect.QuoteString(note)} where consumer = {dialect.QuoteString(consumer)}";
    }

    public static string ForgetFiles(SqlDialect dialect, string consumer) =>
        $"delete from {dialect.Quote(StateTables.Files)} where consumer = {dialect.QuoteString(consumer)}";

    /// <param name="forgotten">Files of which the state shall know nothing any more.</param>
    /// <param name="sources">What the consumer reads now: what is known of a path by another is by a former name of a source.</param>
    /// <param name="replace">Whether the consumer starts over: what it took in before is forgotten.</param>
    public static IEnumerable<string> RecordFiles(
        SqlDialect dialect,
        string consumer,
        IReadOnlyCollection<string> sources,
        ImmutableArray<ConsumedFile> files,
        ImmutableArray<ConsumedFile> forgotten,
        bool replace
    )
    {
        if (replace)
        {
            yield return ForgetFiles(dialect, consumer);
        }
        else
        {
            // a file may be known in an older version; that rows of another content have its path holds as long as they may be there
            foreach (
                var sql in Delete(
                    files.Concat(forgotten).Where(file => !file.IsMoved),
                    $" and hash not like '{ConsumedFile.MovedMark}%'"
                )
            )
                yield return sql;
            // such a note takes the place of its content's own, and of an earlier one of the same
            foreach (
                var same in files
                    .Concat(forgotten)
                    .Where(file => file.IsMoved)
                    .GroupBy(file => file.TakenHash)
            )
            {
                foreach (
                    var sql in Delete(
                        same,
                        $" and hash in ({dialect.QuoteString(same.Key)}, {dialect.QuoteString(ConsumedFile.MovedMark + same.Key)})"
                    )
                )
                    yield return sql;
            }
        }
        foreach (var some in files.Chunk(RowsPerStatement))
        {
            yield return Insert(
                dialect,
                StateTables.Files,
                some.Select(file =>
                    Row(
                        dialect,
                        file.Source,
                        file.Consumer,
                        file.Path,
                        file.Size,
                        file.ModifiedAt,
                        file.Hash,
                        file.BatchId
                    )
                )
            );
        }

        IEnumerable<string> Delete(IEnumerable<ConsumedFile> notes, string condition) =>
            notes
                .GroupBy(file => file.Source)
                .SelectMany(of => of.Chunk(RowsPerStatement))
                .Select(some =>
                    $"delete from {dialect.Quote(StateTables.Files)} where consumer = {dialect.QuoteString(consumer)} "
                    + $"and {IsOf(dialect, some[0].Source, sources)} "
                    + $"and path in ({string.Join(", ", some.Select(file => dialect.QuoteString(file.Path)))}){condition}"
                );
    }

    /// <summary>True for what is known by a source, or by one that its consumer does not read any more.</summary>
    internal static string IsOf(SqlDialect dialect, string source, IReadOnlyCollection<string> sources) =>
        sources.Count == 0
            ? $"source = {dialect.QuoteString(source)}"
            : $"(source = {dialect.QuoteString(source)} or source not in ({string.Join(", ", sources.Select(dialect.QuoteString))}))";

    internal static string Insert(SqlDialect dialect, RelationName table, IEnumerable<string> rows) =>
        $"insert into {dialect.Quote(table)} values\n  {string.Join(",\n  ", rows)}";

    internal static string Row(SqlDialect dialect, params object?[] values) =>
        $"({string.Join(", ", values.Select(value => Literal(dialect, value)))})";

    internal static string Literal(SqlDialect dialect, object? value) =>
        value switch
        {
            null => "null",
            string text => dialect.QuoteString(text),
            long number => number.ToString(CultureInfo.InvariantCulture),
            bool flag => flag ? "true" : "false",
            double number =>
                $"cast({number.ToString("R", CultureInfo.InvariantCulture)} as {dialect.TypeName(SqlType.Double)})",
            DateTimeOffset instant =>
                $"cast({dialect.QuoteString(instant.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.ffffff'+00'", CultureInfo.InvariantCulture))}"
                    + $" as {dialect.TypeName(SqlType.TimestampTz)})",
            _ => throw new ArgumentOutOfRangeException(nameof(value)),
        };

    internal static long Micros(TimeSpan duration) => (long)duration.TotalMicroseconds;
}
