using System.Collections.Immutable;
using Strata.Compiler.Manifest;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;
using Strata.Runner.Adapters.Values;
using Strata.Runner.Feeds;
using Strata.Runner.History;
using Strata.Runner.Microbatches;
using Strata.Runner.Planning;
using Strata.Runner.State.Tables;
using static Strata.Runner.State.Tables.StateValues;

namespace Strata.Runner.State;

/// <summary>Reads what is on a connection with as few round trips as possible: a no-op run is little more than this.</summary>
public static class StateReader
{
    /// <param name="schemas">The schemas whose relations the project may use here.</param>
    /// <param name="withFiles">Whether landed files are taken in on this connection.</param>
    public static async Task<EngineSnapshot> ReadAsync(
        string connection,
        ISession session,
        SqlDialect dialect,
        IReadOnlyCollection<string> schemas,
        bool withFiles,
        CancellationToken cancellationToken
    )
    {
        var relations = await session.ListRelationsAsync(
            [
                .. schemas
                    .Append(StateTables.Schema)
                    .Append(FeedTables.Schema)
                    .Append(CdcState.Schema)
                    .Distinct(),
            ],
            cancellationToken
        );
        var byName = relations.ToImmutableDictionary(relation => relation.Name, dialect.RelationNames);
        var hasState = byName.ContainsKey(StateTables.VersionTable);
        var version = hasState
            ? await StateMigrator.FindVersionAsync(session, dialect, cancellationToken)
            : 0;
        var schemasThere = await session.ListSchemasAsync(cancellationToken);
        var snapshot = Empty(connection, byName, version) with
        {
            StageSchemas = [.. schemasThere.Where(RunId.IsStageName)],
        };
        if (version is 0 or > StateTables.Version)
            return snapshot;
        snapshot = snapshot with
        {
            Nodes = await ReadNodesAsync(session, dialect, version, cancellationToken),
        };
        if (withFiles)
            snapshot = await ReadFilesAsync(snapshot, session, dialect, cancellationToken);
        if (version >= StateTables.KeysVersion)
            snapshot = snapshot with
            {
                LandedColumns = await LandedColumns.ReadAsync(session, dialect, cancellationToken),
            };
        snapshot = snapshot with { Holders = HoldersOf(snapshot.Nodes.Values, dialect) };
        if (version < StateTables.FeedsVersion)
            return snapshot;
        snapshot = snapshot with
        {
            Feeds = await ReadFeedsAsync(session, dialect, cancellationToken),
            Consumed = await ReadConsumedAsync(session, dialect, cancellationToken),
        };
        if (version >= StateTables.HistoryVersion)
            snapshot = snapshot with
            {
                Owned = await OwnedReader.ReadAsync(session, dialect, cancellationToken),
                KeptPositions = await ReadKeptPositionsAsync(session, dialect, cancellationToken),
            };
        return byName.ContainsKey(MicrobatchTables.Batches)
            ? snapshot with
            {
                Batches = await MicrobatchTables.ReadAsync(session, dialect, cancellationToken),
            }
            : snapshot;
    }

    private static ImmutableDictionary<RelationName, string> HoldersOf(
        IEnumerable<NodeState> nodes,
        SqlDialect dialect
    )
    {
        var holders = ImmutableDictionary.CreateBuilder<RelationName, string>(dialect.RelationNames);
        foreach (var node in nodes.OrderBy(node => node.RunId, StringComparer.Ordinal))
        {
            if (node.Relation is { } relation)
                holders[relation] = node.NodeId;
        }
        return holders.ToImmutable();
    }

    /// <summary>Of a connection that cannot be read: as if nothing were there.</summary>
    public static EngineSnapshot Unread(string connection, SqlDialect dialect) =>
        Empty(
            connection,
            ImmutableDictionary.Create<RelationName, RelationInfo>(dialect.RelationNames),
            version: 0
        );

    private static EngineSnapshot Empty(
        string connection,
        ImmutableDictionary<RelationName, RelationInfo> relations,
        long version
    ) =>
        new()
        {
            Connection = connection,
            Relations = relations,
            StateVersion = version,
            Nodes = ImmutableDictionary<string, NodeState>.Empty,
            Files = Array.Empty<ConsumedFile>().ToLookup(file => (file.Consumer, file.Source)),
            Feeds = ImmutableDictionary<string, FeedState>.Empty,
            Batches = Array.Empty<(string Node, BatchRecord Record)>().ToLookup(b => b.Node, b => b.Record),
            Consumed = ImmutableDictionary<(string, string), FeedPosition>.Empty,
        };

    private static async Task<ImmutableDictionary<string, FeedState>> ReadFeedsAsync(
        ISession session,
        SqlDialect dialect,
        CancellationToken cancellationToken
    )
    {
        var sql = $"select node, epoch, first_batch from {dialect.Quote(StateTables.Feeds)}";
        var rows = await session.QueryAsync(sql, int.MaxValue, cancellationToken);
        return rows.Rows.ToImmutableDictionary(
            row => Text(row[0]),
            row => new FeedState(Text(row[1]), Number(row[2]))
        );
    }

    private static async Task<ImmutableDictionary<(string, string), FeedPosition>> ReadConsumedAsync(
        ISession session,
        SqlDialect dialect,
        CancellationToken cancellationToken
    )
    {
        var sql = $"select consumer, upstream, epoch, batch_id from {dialect.Quote(StateTables.Consumed)}";
        var rows = await session.QueryAsync(sql, int.MaxValue, cancellationToken);
        return rows.Rows.ToImmutableDictionary(
            row => (Text(row[0]), Text(row[1])),
            row => new FeedPosition(Text(row[2]), Number(row[3]))
        );
    }

    private static async Task<ImmutableDictionary<string, NodeState>> ReadNodesAsync(
        ISession session,
        SqlDialect dialect,
        long version,
        CancellationToken cancellationToken
    )
    {
        var home =
            version >= StateTables.HomesVersion
                ? "schema_name, relation_name, materialized"
                : "null as schema_name, null as relation_name, null as materialized";
        var key = version >= StateTables.KeysVersion ? "row_key" : "null as row_key";
        var rows = await session.QueryAsync(
            $"""
            select node, run_id, batch_id, fingerprint, version, inputs, row_count, duration_us, {home}, {key}
            from {dialect.Quote(StateTables.Nodes)}
            """,
            int.MaxValue,
            cancellationToken
        );
        return rows
            .Rows.Select(row => new NodeState
            {
                NodeId = Text(row[0]),
                RunId = Text(row[1]),
                BatchId = Number(row[2]),
                Fingerprint = Text(row[3]),
                Version = Text(row[4]),
                Inputs = PlainJson.Map(Text(row[5])),
                Rows = row[6] is null ? null : Number(row[6]),
                Duration = TimeSpan.FromMicroseconds(Number(row[7])),
                Relation = row[8] is null ? null : new RelationName(Text(row[8]), Text(row[9])),
                Materialized = MaterializedOrNull(row[10]),
                Key = row[11] is string json ? PlainJson.Texts(json) : null,
            })
            .ToImmutableDictionary(state => state.NodeId);
    }

    // of whatever epoch: after a rollback the feed goes on under another one, and a further rollback leads behind it
    private static async Task<ImmutableDictionary<string, long>> ReadKeptPositionsAsync(
        ISession session,
        SqlDialect dialect,
        CancellationToken cancellationToken
    )
    {
        var rows = await session.QueryAsync(
            $"select upstream, min(position) from {dialect.Quote(HistoryTables.KeptPositions)} group by upstream",
            int.MaxValue,
            cancellationToken
        );
        return rows.Rows.ToImmutableDictionary(row => Text(row[0]), row => Number(row[1]));
    }

    private static async Task<EngineSnapshot> ReadFilesAsync(
        EngineSnapshot snapshot,
        ISession session,
        SqlDialect dialect,
        CancellationToken cancellationToken
    )
    {
        var rows = await session.QueryAsync(
            $"""
            select source, consumer, path, size, modified_at, hash, batch_id
            from {dialect.Quote(StateTables.Files)}
            """,
            int.MaxValue,
            cancellationToken
        );
        var notes = rows
            .Rows.Select(row => new ConsumedFile(
                Text(row[0]),
                Text(row[1]),
                Text(row[2]),
                Number(row[3]),
                Number(row[4]),
                Text(row[5]),
                Number(row[6])
            ))
            .GroupBy(file => (file.Consumer, file.Source, file.Path))
            .Select(same =>
                same.OrderBy(file => file.IsMoved).ThenByDescending(file => file.ModifiedAt).ToList()
            )
            .ToList();
        return snapshot with
        {
            Files = notes.Select(same => same[0]).ToLookup(file => (file.Consumer, file.Source)),
            FormerFiles = notes.SelectMany(same => same.Skip(1)).ToLookup(file => file.Consumer),
        };
    }
}
