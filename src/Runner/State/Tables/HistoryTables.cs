using System.Collections.Immutable;
using Strata.Compiler.Sql;

namespace Strata.Runner.State.Tables;

/// <summary>The tables that remember runs, and what their publishes replaced, for as long as it is kept.</summary>
public static class HistoryTables
{
    /// <summary>Where old rows are kept, where they are not kept beside the relation itself.</summary>
    public const string KeptSchema = "_strata_kept";

    /// <summary>One row a run that had something to do on the connection; <c>seq</c> is their order.</summary>
    public static readonly RelationName Runs = new(StateTables.Schema, "runs");

    /// <summary>One row a publish whose predecessor is kept: what was there before, and where it stands now.</summary>
    public static readonly RelationName Kept = new(StateTables.Schema, "kept");

    /// <summary>The feed positions that a kept publish moved, as they were before.</summary>
    public static readonly RelationName KeptPositions = new(StateTables.Schema, "kept_positions");

    /// <summary>The consumed files that a kept publish forgot.</summary>
    public static readonly RelationName KeptFiles = new(StateTables.Schema, "kept_files");

    /// <summary>The rejected rows of landed files that a kept publish forgot.</summary>
    public static readonly RelationName KeptRejected = new(StateTables.Schema, "kept_rejected");

    /// <summary>What a kept publish replaced of hidden tables of its node: the state of a cdc model.</summary>
    public static readonly RelationName KeptParts = new(StateTables.Schema, "kept_parts");

    /// <summary>How the batches of a microbatch model stood that a kept publish built.</summary>
    public static readonly RelationName KeptBatches = new(StateTables.Schema, "kept_batches");

    /// <summary>One row a node and relation that it has been published as: what Strata made.</summary>
    public static readonly RelationName Relations = new(StateTables.Schema, "relations");

    /// <summary>
    /// One row a producer whose feed a rollback moved to another epoch: which one it continues, and up to which batch.
    /// </summary>
    public static readonly RelationName Epochs = new(StateTables.Schema, "epochs");

    public static ImmutableArray<string> Create(SqlDialect dialect)
    {
        var text = dialect.TypeName(SqlType.Text);
        var big = dialect.TypeName(SqlType.BigInt);
        var time = dialect.TypeName(SqlType.TimestampTz);
        return
        [
            $"create schema if not exists {dialect.QuoteIdentifier(KeptSchema)}",
            $"""
                create table {dialect.Quote(Runs)} (
                  run_id {text} not null, seq {big} not null, target {text} not null, command {text} not null,
                  started_at {time} not null, ended_at {time}, outcome {text} not null, to_run {text}, to_seq {big}
                )
                """,
            $"""
                create table {dialect.Quote(Kept)} (
                  node {text} not null, batch_id {big} not null, run_id {text} not null, kind {text} not null,
                  schema_name {text} not null, relation_name {text} not null, kept_schema {text}, kept_name {text},
                  definition {text}, before_run_id {text}, before_batch_id {big}, before_fingerprint {text},
                  before_version {text}, before_inputs {text}, before_row_count {big}, before_duration_us {big},
                  before_epoch {text}, has_positions {big} not null, quarantine {text}, kept_at {time} not null
                )
                """,
            $"""
                create table {dialect.Quote(KeptPositions)} (
                  node {text} not null, batch_id {big} not null, upstream {text} not null, epoch {text} not null,
                  position {big} not null
                )
                """,
            $"""
                create table {dialect.Quote(KeptFiles)} (
                  node {text} not null, batch_id {big} not null, source {text} not null, path {text} not null,
                  size {big} not null, modified_at {big} not null, hash {text} not null, file_batch {big} not null
                )
                """,
            $"""
                create table {dialect.Quote(KeptRejected)} (
                  node {text} not null, batch_id {big} not null, source {text} not null, path {text} not null,
                  line {big}, reason {text} not null, raw {text}, run_id {text} not null,
                  rejected_batch {big} not null, rejected_at {time} not null
                )
                """,
            $"""
                create table {dialect.Quote(Epochs)} (
                  node {text} not null, epoch {text} not null, before_epoch {text} not null, batch_id {big} not null
                )
                """,
            $"""
                create table {dialect.Quote(Relations)} (
                  node {text} not null, schema_name {text} not null, relation_name {text} not null,
                  kind {text} not null, definition {text}, target {text} not null
                )
                """,
        ];
    }

    /// <summary>What came with <see cref="StateTables.IdentityVersion"/>.</summary>
    public static string AddIdentity(SqlDialect dialect) =>
        $"alter table {dialect.Quote(Kept)} add column identity {dialect.TypeName(SqlType.Text)}";

    /// <summary>What came with <see cref="StateTables.KeptHomesVersion"/>.</summary>
    public static string AddMaterialized(SqlDialect dialect) =>
        $"alter table {dialect.Quote(Kept)} add column before_materialized {dialect.TypeName(SqlType.Text)}";

    /// <summary>What came with <see cref="StateTables.KeptRelationsVersion"/>.</summary>
    public static ImmutableArray<string> AddRelation(SqlDialect dialect) =>
        [
            .. new[] { "before_schema", "before_relation" }.Select(name =>
                $"alter table {dialect.Quote(Kept)} add column {name} {dialect.TypeName(SqlType.Text)}"
            ),
        ];

    /// <summary>What came with <see cref="StateTables.PartsVersion"/>.</summary>
    public static ImmutableArray<string> CreateParts(SqlDialect dialect)
    {
        var text = dialect.TypeName(SqlType.Text);
        var big = dialect.TypeName(SqlType.BigInt);
        return
        [
            $"""
                create table {dialect.Quote(KeptParts)} (
                  node {text} not null, batch_id {big} not null, kind {text} not null, schema_name {text} not null,
                  relation_name {text} not null, kept_schema {text}, kept_name {text}
                )
                """,
            $"""
                create table {dialect.Quote(KeptBatches)} (
                  node {text} not null, batch_id {big} not null, batch_size {text} not null,
                  batch_start {text} not null, batch_end {text} not null, status {text} not null,
                  known_until {text} not null, run_id {text} not null, row_count {big} not null
                )
                """,
        ];
    }
}
