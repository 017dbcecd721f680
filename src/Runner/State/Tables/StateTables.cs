using System.Collections.Immutable;
using Strata.Compiler.Sql;
using Strata.Runner.Feeds;
using Strata.Runner.State.Rejected;
using Strata.Runner.State.Tests;

namespace Strata.Runner.State.Tables;

/// <summary>
/// The tables of schema <c>_strata</c>, which every connection that Strata writes to has. Plain SQL that all
/// engines read; no keys or indexes, because rows are only ever written under the connection's run lock.
/// </summary>
public static class StateTables
{
    public const string Schema = "_strata";

    /// <summary>Goes up with every change of shape; see <see cref="Migrations"/>.</summary>
    public const int Version = 10;

    /// <summary>The first version with <see cref="Feeds"/> and <see cref="Consumed"/>.</summary>
    internal const int FeedsVersion = 2;

    /// <summary>The first version with the tables of <see cref="HistoryTables"/>.</summary>
    internal const int HistoryVersion = 3;

    /// <summary>The first version with <see cref="HistoryTables.KeptParts"/> and <see cref="HistoryTables.KeptBatches"/>.</summary>
    internal const int PartsVersion = 4;

    /// <summary>The first version whose kept versions may name what tells their rows apart, and whose ledger counts events.</summary>
    internal const int IdentityVersion = 5;

    /// <summary>The first version whose nodes know what they were published as.</summary>
    internal const int HomesVersion = 6;

    /// <summary>The first version whose kept versions know what their nodes were published as before.</summary>
    internal const int KeptHomesVersion = 7;

    /// <summary>The first version whose ledger counts the batches that were published together.</summary>
    internal const int LedgerBatchesVersion = 8;

    /// <summary>The first version whose kept versions know which relation their nodes were before.</summary>
    internal const int KeptRelationsVersion = 9;

    /// <summary>The first version whose nodes know what tells their rows apart, and with <see cref="LandedColumns"/>.</summary>
    internal const int KeysVersion = 10;

    public static readonly RelationName VersionTable = new(Schema, "version");

    /// <summary>One row a node, test or transfer: where it stands now.</summary>
    public static readonly RelationName Nodes = new(Schema, "nodes");

    /// <summary>One row for each publish, never changed: the history.</summary>
    public static readonly RelationName Ledger = new(Schema, "ledger");

    /// <summary>One row for each landed file and the node that took it in.</summary>
    public static readonly RelationName Files = new(Schema, "files");

    /// <summary>One row a producer: what its change feed holds.</summary>
    public static readonly RelationName Feeds = new(Schema, "feeds");

    /// <summary>One row a consumer and upstream: the last batch of its changes that was taken in.</summary>
    public static readonly RelationName Consumed = new(Schema, "consumed");

    /// <summary>The statements that lead from a version to the next; index 0 makes version 1 from nothing.</summary>
    public static ImmutableArray<ImmutableArray<string>> Migrations(SqlDialect dialect)
    {
        var text = dialect.TypeName(SqlType.Text);
        var big = dialect.TypeName(SqlType.BigInt);
        var time = dialect.TypeName(SqlType.TimestampTz);
        return
        [
            [
                $"create schema if not exists {dialect.QuoteIdentifier(Schema)}",
                $"create table {dialect.Quote(VersionTable)} (version {big} not null)",
                $"""
                    create table {dialect.Quote(Nodes)} (
                      node {text} not null, run_id {text} not null, batch_id {big} not null, fingerprint {text} not null,
                      version {text} not null, inputs {text} not null, row_count {big}, duration_us {big} not null
                    )
                    """,
                $"""
                    create table {dialect.Quote(Ledger)} (
                      node {text} not null, run_id {text} not null, batch_id {big} not null, action {text} not null,
                      fingerprint {text} not null, inputs {text} not null, rows_in {big}, rows_out {big},
                      rows_inserted {big}, rows_updated {big}, rows_unchanged {big}, rows_deleted {big},
                      rows_merged_away {big}, rows_quarantined {big}, duration_us {big} not null,
                      published_at {time} not null
                    )
                    """,
                $"""
                    create table {dialect.Quote(Files)} (
                      source {text} not null, consumer {text} not null, path {text} not null, size {big} not null,
                      modified_at {big} not null, hash {text} not null, batch_id {big} not null
                    )
                    """,
                $"insert into {dialect.Quote(VersionTable)} values (1)",
            ],
            [
                $"create schema if not exists {dialect.QuoteIdentifier(FeedTables.Schema)}",
                $"create table {dialect.Quote(Feeds)} (node {text} not null, epoch {text} not null, first_batch {big} not null)",
                $"""
                    create table {dialect.Quote(Consumed)} (
                      consumer {text} not null, upstream {text} not null, epoch {text} not null, batch_id {big} not null
                    )
                    """,
                $"update {dialect.Quote(VersionTable)} set version = 2",
            ],
            // each concern that keeps tables of its own declares them in a file of its own
            [
                .. TestResultTables.Create(dialect),
                .. TestBaselines.Create(dialect),
                .. MicrobatchTables.Create(dialect),
                .. RejectedTable.Create(dialect),
                .. HistoryTables.Create(dialect),
                $"update {dialect.Quote(VersionTable)} set version = 3",
            ],
            [.. HistoryTables.CreateParts(dialect), $"update {dialect.Quote(VersionTable)} set version = 4"],
            [
                HistoryTables.AddIdentity(dialect),
                .. new[] { "applied", "without_effect", "late_dropped", "taken_back" }.Select(count =>
                    $"alter table {dialect.Quote(Ledger)} add column events_{count} {big}"
                ),
                $"update {dialect.Quote(VersionTable)} set version = 5",
            ],
            [
                FailureTable.Create(dialect),
                .. new[] { "schema_name", "relation_name", "materialized" }.Select(name =>
                    $"alter table {dialect.Quote(Nodes)} add column {name} {text}"
                ),
                $"update {dialect.Quote(VersionTable)} set version = 6",
            ],
            [HistoryTables.AddMaterialized(dialect), $"update {dialect.Quote(VersionTable)} set version = 7"],
            [
                $"alter table {dialect.Quote(Ledger)} add column batches {big}",
                $"update {dialect.Quote(VersionTable)} set version = 8",
            ],
            [.. HistoryTables.AddRelation(dialect), $"update {dialect.Quote(VersionTable)} set version = 9"],
            [
                $"alter table {dialect.Quote(Nodes)} add column row_key {text}",
                LandedColumns.Create(dialect),
                $"update {dialect.Quote(VersionTable)} set version = 10",
            ],
        ];
    }
}
