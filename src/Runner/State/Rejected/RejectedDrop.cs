using Strata.Compiler.Diagnostics;
using Strata.Runner.Adapters;
using Strata.Runner.State.Tables;

namespace Strata.Runner.State.Rejected;

/// <summary>
/// Forgets rejected rows and files that nobody wants. A file that is dropped is not mentioned any more, and still read
/// once it changes.
/// </summary>
public static class RejectedDrop
{
    /// <summary>Drops them under the run lock of the connection, in one transaction.</summary>
    /// <returns>Why not; null when it is done.</returns>
    public static async Task<Diagnostic?> RunAsync(
        IAdapter adapter,
        RejectedFilter filter,
        string runId,
        CancellationToken cancellationToken
    )
    {
        var dialect = adapter.Dialect;
        await using var held = await adapter.TryLockStateAsync(runId, cancellationToken);
        if (held is null)
        {
            var holder = await adapter.FindLockHolderAsync(cancellationToken);
            return InputDiagnostics.RunLockHeld(adapter.Connection, holder, canWait: true);
        }
        var rejected = dialect.Quote(RejectedTable.Name);
        await using var session = await adapter.OpenSessionAsync(cancellationToken);
        await using var transaction = await session.BeginAsync(cancellationToken);
        // nothing of these files was taken in, rather than that an earlier version stays
        const string all = $"(hash = '' or hash like '{ConsumedFile.RefusedMark}%')";
        await session.ExecuteAsync(
            $"""
            update {dialect.Quote(StateTables.Files)}
            set hash = case when {all} then '{ConsumedFile.DroppedHash}' else substr(hash, {ConsumedFile.StaysMark.Length
                + 1}) end
            where consumer = {dialect.QuoteString(filter.Consumer)} and (
              {all} and path in (select path from {rejected} where {filter.ToSql(dialect)})
              or hash like '{ConsumedFile.StaysMark}%' and path in (
                select path from {rejected} where {RejectedFilter.WholeFile} and {filter.ToSql(dialect)}
              )
            )
            """,
            cancellationToken
        );
        await session.ExecuteAsync(
            $"delete from {rejected} where {filter.ToSql(dialect)}",
            cancellationToken
        );
        await transaction.CommitAsync(cancellationToken);
        return null;
    }
}
