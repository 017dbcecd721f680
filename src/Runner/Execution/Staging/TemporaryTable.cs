using Strata.Compiler.Sql;
using Strata.Runner.Materializations;

namespace Strata.Runner.Execution.Staging;

/// <summary>A table that only a rented session sees, to be dropped before somebody else rents it.</summary>
internal sealed class TemporaryTable(SessionPool.Lease lease, SqlDialect dialect, RelationName name)
    : IAsyncDisposable
{
    public async ValueTask DisposeAsync()
    {
        // it goes with its session
        if (!lease.IsBroken)
            await lease.Session.ExecuteAsync(Ddl.DropTable(dialect, name), CancellationToken.None);
    }
}
