using System.Collections.Immutable;
using System.Globalization;
using Strata.Compiler.Manifest.Models;
using Strata.Compiler.Sql;
using Strata.Compiler.Text;
using Strata.Runner.Adapters;
using Strata.Runner.Microbatches;

namespace Strata.Runner.State.Tables;

/// <summary>How each batch of the microbatch models last ended; one row a model and period.</summary>
internal static class MicrobatchTables
{
    public static readonly RelationName Batches = new(StateTables.Schema, "batches");

    /// <summary>Stands for the start of what has no event time.</summary>
    private const string NoTime = "";

    private const string ToTheTick = "yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'";

    public static ImmutableArray<string> Create(SqlDialect dialect)
    {
        var text = dialect.TypeName(SqlType.Text);
        var big = dialect.TypeName(SqlType.BigInt);
        return
        [
            $"""
                create table {dialect.Quote(Batches)} (
                  node {text} not null, batch_size {text} not null, batch_start {text} not null,
                  batch_end {text} not null, status {text} not null, known_until {text} not null,
                  run_id {text} not null, row_count {big} not null
                )
                """,
        ];
    }

    public static async Task<ILookup<string, BatchRecord>> ReadAsync(
        IStatements session,
        SqlDialect dialect,
        CancellationToken cancellationToken
    )
    {
        var rows = await session.QueryAsync(
            $"""
            select node, batch_size, batch_start, batch_end, status, known_until, run_id, row_count
            from {dialect.Quote(Batches)}
            """,
            int.MaxValue,
            cancellationToken
        );
        return rows.Rows.ToLookup(
            row => Text(row[0]),
            row => new BatchRecord(
                Enum.Parse<BatchSize>(Text(row[1]), ignoreCase: true),
                Instant(row[2]),
                Instant(row[3]),
                Text(row[4]) == "published",
                KnownUntil(Text(row[5])),
                Text(row[6]),
                RowSet.Long(row[7])
            )
        );
    }

    /// <summary>Puts batches where they now stand; those of other sizes within them are settled by that.</summary>
    /// <param name="forgetOthers">The model starts over: nothing that was known of its batches holds.</param>
    public static IEnumerable<string> Set(
        SqlDialect dialect,
        string node,
        IReadOnlyCollection<BatchRecord> records,
        bool forgetOthers
    )
    {
        var table = dialect.Quote(Batches);
        var mine = $"node = {dialect.QuoteString(node)}";
        if (forgetOthers)
            yield return $"delete from {table} where {mine}";
        else
        {
            foreach (var (first, last) in Spans(records))
                yield return $"delete from {table} where {mine} and {Within(dialect, first, last)}";
        }
        foreach (var some in records.Chunk(StateStatements.RowsPerStatement))
            yield return $"insert into {table} values {string.Join(", ", some.Select(record => Row(dialect, node, record)))}";
    }

    /// <summary>
    /// Forgets the periods that end before the model begins: nobody notes any more what arrives in them, so they are missing should
    /// it begin earlier again.
    /// </summary>
    public static string ForgetBefore(SqlDialect dialect, string node, DateTimeOffset begin) =>
        $"delete from {dialect.Quote(Batches)} where node = {dialect.QuoteString(node)} "
        + $"and batch_start <> '' and batch_end <= {dialect.QuoteString(Text(begin))}";

    private static string Row(SqlDialect dialect, string node, BatchRecord record)
    {
        var texts = new[]
        {
            node,
            record.Size.ToString().ToLowerInvariant(),
            Text(record.Start),
            Text(record.End),
            record.IsPublished ? "published" : "failed",
            record.KnownUntil.UtcDateTime.ToString(ToTheTick, CultureInfo.InvariantCulture),
            record.RunId,
        }.Select(dialect.QuoteString);
        return $"({string.Join(", ", texts)}, {record.Rows.ToString(CultureInfo.InvariantCulture)})";
    }

    /// <summary>The first and the last of batches that touch each other.</summary>
    private static IEnumerable<(BatchRecord First, BatchRecord Last)> Spans(
        IReadOnlyCollection<BatchRecord> records
    )
    {
        BatchRecord? first = null;
        BatchRecord? last = null;
        foreach (var record in records.OrderBy(record => record.Start))
        {
            if (first is not null && last is not null && (last.End is null || last.End != record.Start))
            {
                yield return (first, last);
                first = null;
            }
            first ??= record;
            last = record;
        }
        if (first is not null && last is not null)
            yield return (first, last);
    }

    /// <summary>Keeps how batches stand, before <see cref="Set"/> puts them elsewhere.</summary>
    /// <param name="batchId">The publish that does so.</param>
    public static IEnumerable<string> Keep(
        SqlDialect dialect,
        string node,
        long batchId,
        IReadOnlyCollection<BatchRecord> records,
        bool forgetOthers
    )
    {
        var conditions = forgetOthers
            ? ["true"]
            : Spans(records).Select(span => Within(dialect, span.First, span.Last));
        var batch = batchId.ToString(CultureInfo.InvariantCulture);
        foreach (var condition in conditions)
            yield return $"insert into {dialect.Quote(HistoryTables.KeptBatches)} "
                + $"select node, {batch}, batch_size, batch_start, batch_end, status, known_until, run_id, row_count "
                + $"from {dialect.Quote(Batches)} where node = {dialect.QuoteString(node)} and {condition}";
    }

    /// <summary>Brings batches back to where they stood before a publish. What its run has noted of others, failures, goes too: they are owed again.</summary>
    public static IEnumerable<string> GoBack(SqlDialect dialect, string node, string runId, long batchId)
    {
        var mine = $"node = {dialect.QuoteString(node)}";
        yield return $"delete from {dialect.Quote(Batches)} where {mine} and run_id = {dialect.QuoteString(runId)}";
        yield return $"insert into {dialect.Quote(Batches)} "
            + "select node, batch_size, batch_start, batch_end, status, known_until, run_id, row_count "
            + $"from {dialect.Quote(HistoryTables.KeptBatches)} "
            + $"where {mine} and batch_id = {batchId.ToString(CultureInfo.InvariantCulture)}";
    }

    private static string Within(SqlDialect dialect, BatchRecord first, BatchRecord last) =>
        $"batch_start >= {dialect.QuoteString(Text(first.Start))} "
        + $"and batch_end <= {dialect.QuoteString(Text(last.End))}"
        + (first.Start is null ? "" : " and batch_start <> ''");

    // texts that sort like the instants they stand for
    private static string Text(DateTimeOffset? instant) =>
        instant?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture) ?? NoTime;

    /// <summary>
    /// As exactly as the notes of files whose content lies elsewhere say since when. Earlier versions left the fraction of the second out: a batch
    /// and a note of one second were made by one run, so the batch is none of those that were built before.
    /// </summary>
    private static DateTimeOffset KnownUntil(string text) =>
        !UtcInstant.TryParse(text, out var instant) ? DateTimeOffset.MinValue
        : text.Contains('.', StringComparison.Ordinal) ? instant
        : instant.AddTicks(TimeSpan.TicksPerSecond - 1);

    private static DateTimeOffset? Instant(object? value) =>
        UtcInstant.TryParse(Text(value), out var instant) ? instant : null;

    private static string Text(object? value) => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
}
