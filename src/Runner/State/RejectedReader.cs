using System.Collections.Immutable;
using System.Globalization;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;

namespace Strata.Runner.State;

/// <summary>One entry of <see cref="RejectedTable"/>.</summary>
/// <param name="Line">Null for a file that could not be read at all.</param>
/// <param name="Raw">The text as it stands in the file; of formats without text the row as JSON.</param>
public sealed record RejectedRow(
    string Source,
    string Consumer,
    string Path,
    long? Line,
    string Reason,
    string? Raw,
    string RunId,
    long BatchId
);

/// <summary>Reads what landed files lost on the way, newest first.</summary>
public static class RejectedReader
{
    /// <param name="consumer">The unique id of a model; null for all.</param>
    public static async Task<ImmutableArray<RejectedRow>> ReadAsync(
        IStatements session,
        SqlDialect dialect,
        string? consumer,
        int maxRows,
        CancellationToken cancellationToken
    )
    {
        var where = consumer is null ? "" : $" where consumer = {dialect.QuoteString(consumer)}";
        var rows = await session.QueryAsync(
            "select source, consumer, path, line, reason, raw, run_id, batch_id "
                + $"from {dialect.Quote(RejectedTable.Name)}{where} order by run_id desc, source, path, line",
            maxRows,
            cancellationToken
        );
        return
        [
            .. rows.Rows.Select(row => new RejectedRow(
                Text(row[0]),
                Text(row[1]),
                Text(row[2]),
                row[3] is null ? null : Convert.ToInt64(row[3], CultureInfo.InvariantCulture),
                Text(row[4]),
                row[5] is null ? null : Text(row[5]),
                Text(row[6]),
                Convert.ToInt64(row[7], CultureInfo.InvariantCulture)
            )),
        ];
    }

    private static string Text(object? value) => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
}
