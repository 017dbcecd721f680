using System.Collections.Immutable;
using Strata.Runner.Adapters.Bulk;

namespace Strata.Adapters.DuckDb.Native;

/// <summary>Rows of ours that statements read by number, through <see cref="RowFunction"/>.</summary>
internal interface IOfferedRows
{
    ImmutableArray<TransferColumn> Columns { get; }

    /// <summary>A statement begins to read. Called on a thread of DuckDB's.</summary>
    /// <param name="columns">The columns of the chunks, by index; negative for one that holds nothing.</param>
    IOfferedScan Open(int[] columns);
}

/// <summary>One statement's way through the rows. What it throws fails the statement.</summary>
internal interface IOfferedScan
{
    /// <summary>Fills DuckDB's next chunk; with nothing at the end. Runs on a thread of DuckDB's, which it blocks.</summary>
    void Fill(nint chunk);

    /// <summary>The statement has ended, perhaps before the rows have.</summary>
    void Stop();
}
