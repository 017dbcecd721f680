using System.Collections.Immutable;
using Strata.Runner.Adapters.Bulk;
using Strata.Runner.Adapters.Errors;

namespace Strata.Runner.Files.Landing;

/// <summary>Landed rows for a statement that can set none aside: the first that cannot be read is its error.</summary>
internal sealed class StrictRows(IBatchReader rows) : IBatchReader
{
    public ImmutableArray<TransferColumn> Columns => rows.Columns;

    public async ValueTask<ColumnBatch?> ReadAsync(CancellationToken cancellationToken)
    {
        var batch = await rows.ReadAsync(cancellationToken);
        return batch is null || LandedProblems.FindIn(batch) is not { } problem
            ? batch
            : throw new EngineException(LandedProblems.Error(problem));
    }

    public void Recycle(ColumnBatch batch) => rows.Recycle(batch);

    public ValueTask DisposeAsync() => rows.DisposeAsync();
}
