using System.Collections.Immutable;
using System.Globalization;
using Strata.Compiler.Sql;
using Strata.Runner.State.Tables;

namespace Strata.Runner.State.Rejected;

/// <summary>
/// <c>_strata.rejected</c>: the rows of landed files that could not be taken in, and the files that could not be read
/// at all (without a line). Written in the transaction that publishes the rows which could. When a file is read
/// anew, what was rejected of it before goes.
/// </summary>
public static class RejectedTable
{
    private const int ValuesPerStatement = 500;

    public static readonly RelationName Name = new(StateTables.Schema, "rejected");

    public static ImmutableArray<string> Create(SqlDialect dialect)
    {
        var text = dialect.TypeName(SqlType.Text);
        var big = dialect.TypeName(SqlType.BigInt);
        return
        [
            $"""
            create table {dialect.Quote(Name)} (
              source {text} not null, consumer {text} not null, path {text} not null, line {big}, reason {text} not null,
              raw {text}, run_id {text} not null, batch_id {big} not null, rejected_at {dialect.TypeName(
                SqlType.TimestampTz
            )} not null
            )
            """,
        ];
    }

    /// <param name="sources">What the consumer reads now.</param>
    /// <param name="replace">Whether the consumer starts over: what was rejected before is forgotten.</param>
    internal static IEnumerable<string> Write(
        SqlDialect dialect,
        string consumer,
        IReadOnlyCollection<string> sources,
        string runId,
        long batchId,
        DateTimeOffset at,
        ImmutableArray<RejectedRows> rejected,
        bool replace
    )
    {
        var table = dialect.Quote(Name);
        var who = dialect.QuoteString(consumer);
        if (replace)
            yield return $"delete from {table} where consumer = {who}";
        var instant =
            $"cast({dialect.QuoteString(at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.ffffff'+00'", CultureInfo.InvariantCulture))}"
            + $" as {dialect.TypeName(SqlType.TimestampTz)})";
        var run = string.Create(
            CultureInfo.InvariantCulture,
            $"{dialect.QuoteString(runId)}, {batchId}, {instant}"
        );
        foreach (var of in rejected)
        {
            var source = dialect.QuoteString(of.Source);
            if (!replace)
            {
                foreach (var some in of.Settled.Chunk(ValuesPerStatement))
                    yield return Delete(of.Source, some, "");
                foreach (var some in of.Retold.Chunk(ValuesPerStatement))
                    yield return Delete(of.Source, some, $" and {RejectedFilter.WholeFile}");
            }
            foreach (var some in of.Files.Chunk(ValuesPerStatement))
            {
                var rows = some.Select(file =>
                    $"({source}, {who}, {dialect.QuoteString(file.Path)}, null, {dialect.QuoteString(file.Reason)}, null, {run})"
                );
                yield return $"insert into {table} values {string.Join(", ", rows)}";
            }
            if (of.Staged is { } staged)
            {
                yield return $"insert into {table} select {source}, {who}, path, line, reason, raw, {run} "
                    + $"from {dialect.Quote(staged)}";
            }
        }

        string Delete(string source, IEnumerable<string> paths, string condition) =>
            $"delete from {table} where consumer = {who} and {StateStatements.IsOf(dialect, source, sources)} "
            + $"and path in ({string.Join(", ", paths.Select(dialect.QuoteString))}){condition}";
    }
}
