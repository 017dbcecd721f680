namespace Strata.Runner.Adapters;

/// <summary>Statements as text. Failures are <see cref="EngineException"/>; cancellation stops the statement on the engine.</summary>
public interface IStatements
{
    /// <summary>Runs one statement.</summary>
    /// <returns>The number of rows it changed, or -1 where the engine does not say.</returns>
    Task<long> ExecuteAsync(string sql, CancellationToken cancellationToken);

    /// <summary>Runs one query and keeps its rows; for results of known small size.</summary>
    /// <param name="maxRows">Reading stops there; <see cref="RowSet.IsTruncated"/> then says so.</param>
    Task<RowSet> QueryAsync(string sql, int maxRows, CancellationToken cancellationToken);
}
