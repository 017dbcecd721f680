namespace Strata.Runner.Adapters.Bulk;

/// <summary>Rows that can be read until this is disposed, which waits for their readers to end.</summary>
public interface IStreamedTable : IAsyncDisposable
{
    /// <summary>What stands in FROM; another session of the same database can read it, too.</summary>
    string Expression { get; }
}
