using System.Collections.Immutable;
using System.Globalization;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;
using Strata.Runner.Adapters.Values;
using Strata.Runner.State;
using Strata.Runner.State.Rejected;
using Strata.Runner.State.Tables;
using static Strata.Runner.State.Tables.StateStatements;
using static Strata.Runner.State.Tables.StateValues;

namespace Strata.Runner.Versions;

/// <summary>The statements that note a kept version, read it, and forget it.</summary>
internal static class KeptStatements
{
    /// <summary>
    /// Notes a publish together with where its node stands. Runs in the publishing transaction before the node's
    /// state moves.
    /// </summary>
    /// <param name="movesPositions">Whether the publish moves the node's feed positions.</param>
    /// <param name="files">The landed files of which the publish changes what is known.</param>
    /// <param name="held">Whether the state may hold the node, and a change feed of it.</param>
    public static IEnumerable<string> Note(
        SqlDialect dialect,
        KeptVersion kept,
        bool movesPositions,
        TouchedFiles files,
        (bool Node, bool Feed) held,
        DateTimeOffset now
    )
    {
        var values = new object?[]
        {
            kept.Node,
            kept.BatchId,
            kept.RunId,
            Word(kept.Kind),
            kept.Relation.Schema,
            kept.Relation.Name,
            kept.Table?.Schema,
            kept.Table?.Name,
            kept.Definition,
        };
        var node = dialect.QuoteString(kept.Node);
        yield return NoteVersion(dialect, kept, values, movesPositions, held, now);
        var batch = kept.BatchId.ToString(CultureInfo.InvariantCulture);
        if (!kept.Parts.IsEmpty)
        {
            yield return Insert(
                dialect,
                HistoryTables.KeptParts,
                [
                    .. kept.Parts.Select(part =>
                        Row(
                            dialect,
                            kept.Node,
                            kept.BatchId,
                            Word(part.Kind),
                            part.Relation.Schema,
                            part.Relation.Name,
                            part.Table?.Schema,
                            part.Table?.Name
                        )
                    ),
                ]
            );
        }
        if (movesPositions)
        {
            yield return $"insert into {dialect.Quote(HistoryTables.KeptPositions)} "
                + $"select {node}, {batch}, upstream, epoch, batch_id "
                + $"from {dialect.Quote(StateTables.Consumed)} where consumer = {node}";
        }
        foreach (var condition in files.Conditions(dialect))
        {
            yield return $"insert into {dialect.Quote(HistoryTables.KeptFiles)} "
                + $"select {node}, {batch}, source, path, size, modified_at, hash, batch_id "
                + $"from {dialect.Quote(StateTables.Files)} where consumer = {node}{condition}";
            yield return $"insert into {dialect.Quote(HistoryTables.KeptRejected)} "
                + $"select {node}, {batch}, source, path, line, reason, raw, run_id, batch_id, rejected_at "
                + $"from {dialect.Quote(RejectedTable.Name)} where consumer = {node}{condition}";
        }
    }

    private static string NoteVersion(
        SqlDialect dialect,
        KeptVersion kept,
        object?[] values,
        bool movesPositions,
        (bool Node, bool Feed) held,
        DateTimeOffset now
    )
    {
        object?[] facts =
        [
            movesPositions ? 1L : 0L,
            kept.Quarantine,
            now,
            kept.Identity.IsEmpty ? null : PlainJson.Of(kept.Identity),
        ];
        // nothing that its columns tell of was there before
        if (held is { Node: false, Feed: false })
            return Insert(
                dialect,
                HistoryTables.Kept,
                [Row(dialect, [.. values, .. new object?[8], .. facts, .. new object?[3]])]
            );
        // one row, whether the node has one or not; and no join, which takes longer to set up than to run
        var node = dialect.QuoteString(kept.Node);
        var epoch = held.Feed
            ? $"(select max(epoch) from {dialect.Quote(StateTables.Feeds)} where node = {node})"
            : "null";
        return $"""
            insert into {dialect.Quote(HistoryTables.Kept)}
            select {Literals(
                values
            )}, max(run_id), max(batch_id), max(fingerprint), max(version), max(inputs),
              max(row_count), max(duration_us), {epoch}, {Literals(
                facts
            )}, max(materialized), max(schema_name), max(relation_name)
            from {dialect.Quote(StateTables.Nodes)} where node = {node}
            """;

        string Literals(object?[] all) => string.Join(", ", all.Select(value => Literal(dialect, value)));
    }

    /// <summary>Forgets versions and drops what was kept for them.</summary>
    public static IEnumerable<string> Forget(SqlDialect dialect, IEnumerable<KeptVersion> versions)
    {
        foreach (var version in versions)
        {
            if (version.Table is { } table)
                yield return $"drop table if exists {dialect.Quote(table)}";
            foreach (var part in version.Parts)
            {
                if (part.Table is { } apart)
                    yield return $"drop table if exists {dialect.Quote(apart)}";
            }
            if (version.Quarantine is { Length: > 0 } quarantine)
                yield return $"drop table if exists {dialect.Quote(new(HistoryTables.KeptSchema, quarantine))}";
            foreach (
                var notes in new[]
                {
                    HistoryTables.Kept,
                    HistoryTables.KeptPositions,
                    HistoryTables.KeptFiles,
                    HistoryTables.KeptRejected,
                    HistoryTables.KeptParts,
                    HistoryTables.KeptBatches,
                }
            )
            {
                // most versions have no positions and no files, and then there is nothing to look for
                if (notes == HistoryTables.KeptPositions && !version.HasPositions)
                    continue;
                if (notes == HistoryTables.KeptParts && version.Parts.IsEmpty)
                    continue;
                yield return $"delete from {dialect.Quote(notes)} where {Is(dialect, version)}";
            }
        }
    }

    /// <summary>A condition on the tables of kept versions.</summary>
    public static string Is(SqlDialect dialect, KeptVersion version) =>
        $"node = {dialect.QuoteString(version.Node)} "
        + $"and batch_id = {version.BatchId.ToString(CultureInfo.InvariantCulture)}";

    /// <param name="stateVersion">Of the state that is there, <see cref="StateTables.HistoryVersion"/> or later.</param>
    public static async Task<ImmutableArray<(KeptVersion Version, DateTimeOffset At)>> ReadAsync(
        IStatements session,
        SqlDialect dialect,
        long stateVersion,
        CancellationToken cancellationToken
    )
    {
        var rows = await session.QueryAsync(
            $"""
            select node, batch_id, run_id, kind, schema_name, relation_name, kept_schema, kept_name, definition,
              before_run_id, before_batch_id, before_fingerprint, before_version, before_inputs, before_row_count,
              before_duration_us, before_epoch, has_positions, quarantine, kept_at,
              {(stateVersion >= StateTables.IdentityVersion ? "identity" : "null")},
              {(stateVersion >= StateTables.KeptHomesVersion ? "before_materialized" : "null")},
              {(
                stateVersion >= StateTables.KeptRelationsVersion
                    ? "before_schema, before_relation"
                    : "null, null"
              )}
            from {dialect.Quote(HistoryTables.Kept)}
            """,
            int.MaxValue,
            cancellationToken
        );
        var parts =
            stateVersion >= StateTables.PartsVersion
                ? await ReadPartsAsync(session, dialect, cancellationToken)
                : NoParts;
        return
        [
            .. rows.Rows.Select(row =>
                (Version(row) with { Parts = [.. parts[(Text(row[0]), Number(row[1]))]] }, Time(row[19]))
            ),
        ];
    }

    private static ILookup<(string Node, long BatchId), KeptPart> NoParts { get; } =
        Array.Empty<KeptPart>().ToLookup(_ => ("", 0L));

    private static async Task<ILookup<(string Node, long BatchId), KeptPart>> ReadPartsAsync(
        IStatements session,
        SqlDialect dialect,
        CancellationToken cancellationToken
    )
    {
        var rows = await session.QueryAsync(
            $"""
            select node, batch_id, kind, schema_name, relation_name, kept_schema, kept_name
            from {dialect.Quote(HistoryTables.KeptParts)}
            """,
            int.MaxValue,
            cancellationToken
        );
        return rows.Rows.ToLookup(row => (Text(row[0]), Number(row[1])), Part);
    }

    private static KeptPart Part(object?[] row) =>
        new(
            new RelationName(Text(row[3]), Text(row[4])),
            Enum.Parse<KeptKind>(Text(row[2]), ignoreCase: true),
            row[6] is null ? null : new RelationName(Text(row[5]), Text(row[6]))
        );

    private static KeptVersion Version(object?[] row) =>
        new(
            Text(row[0]),
            Number(row[1]),
            Text(row[2]),
            Enum.Parse<KeptKind>(Text(row[3]), ignoreCase: true),
            new RelationName(Text(row[4]), Text(row[5])),
            row[7] is null ? null : new RelationName(Text(row[6]), Text(row[7])),
            row[8] as string,
            row[9] is null
                ? null
                : new NodeState
                {
                    NodeId = Text(row[0]),
                    Relation = row[23] is null
                        ? new RelationName(Text(row[4]), Text(row[5]))
                        : new RelationName(Text(row[22]), Text(row[23])),
                    RunId = Text(row[9]),
                    BatchId = Number(row[10]),
                    Fingerprint = Text(row[11]),
                    Version = Text(row[12]),
                    Inputs = PlainJson.Map(Text(row[13])),
                    Rows = NumberOrNull(row[14]),
                    Duration = TimeSpan.FromMicroseconds(Number(row[15])),
                    Materialized = MaterializedOrNull(row[21]),
                },
            row[16] as string,
            Number(row[17]) == 1
        )
        {
            KnowsHome = row[23] is not null,
            Quarantine = row[18] as string,
            Identity = row[20] is string identity ? PlainJson.Texts(identity) : [],
        };

    private static string Word(KeptKind kind) => kind.ToString().ToLowerInvariant();
}
