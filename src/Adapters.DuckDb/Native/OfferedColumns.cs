using System.Collections.Immutable;
using DuckDB.NET.Native;
using Strata.Runner.Adapters.Bulk;

namespace Strata.Adapters.DuckDb.Native;

/// <summary>The columns that one statement wants of offered rows, in the order of its chunks.</summary>
/// <param name="wanted">See <see cref="IOfferedRows.Open"/>.</param>
internal sealed class OfferedColumns(ImmutableArray<TransferColumn> columns, int[] wanted)
{
    private readonly VectorEncoder?[] _encoders =
    [
        .. wanted.Select(column => column < 0 ? null : VectorEncoder.For(columns[column].Type)),
    ];

    /// <summary>The types of all columns, for the statement that is being prepared.</summary>
    public static void Describe(ImmutableArray<TransferColumn> columns, nint info)
    {
        foreach (var column in columns)
        {
            using var type = VectorEncoder.For(column.Type).CreateType();
            NativeMethods.TableFunction.DuckDBBindAddResultColumn(info, column.Name, type);
        }
    }

    /// <summary>Copies rows of a batch into an empty chunk.</summary>
    public void Fill(nint chunk, ColumnBatch batch, int first, int count)
    {
        for (var i = 0; i < wanted.Length; i++)
        {
            var vector = NativeCalls.Vector(chunk, (ulong)i);
            _encoders[i]?.Encode(batch.Columns[wanted[i]], first, count, vector, 0);
        }
        NativeCalls.SetSize(chunk, (ulong)count);
    }
}
