using Strata.Runner.Adapters;
using Strata.Runner.Adapters.Errors;

namespace Strata.Runner.Transfers;

/// <summary>
/// The sessions that load the rows of one transfer side by side. It begins with one, and each <see cref="RowsEach"/>
/// rows that come justify another: few rows are not worth a connection, and nobody needs to know beforehand how many
/// there will be.
/// </summary>
/// <param name="most">Never more than that.</param>
/// <param name="openAsync">Opens one more; owned by the caller, also after a failure.</param>
public sealed class TransferStreams(
    ISession first,
    int most,
    Func<CancellationToken, Task<ISession>> openAsync
)
{
    private bool _isDenied;

    public ISession First => first;

    public int Most => most;

    public required long RowsEach { get; init; }

    public static TransferStreams One(ISession session) =>
        new(session, 1, _ => throw new InvalidOperationException("one stream has no other"))
        {
            RowsEach = long.MaxValue,
        };

    /// <summary>As many as the engine takes and this machine's processors feed.</summary>
    public static int MostFor(IAdapter adapter) =>
        Math.Max(
            1,
            Math.Min(
                adapter.Capabilities.LoadStreams,
                Math.Min(adapter.MaxConcurrency, Environment.ProcessorCount)
            )
        );

    /// <summary>The session of another stream, if it is time for one; an engine that has none to give is not asked in vain twice.</summary>
    internal async Task<ISession?> NextAsync(int running, long rows, CancellationToken cancellationToken)
    {
        if (running >= Most || rows < RowsEach * running || _isDenied)
            return null;
        try
        {
            return await openAsync(cancellationToken);
        }
        catch (EngineException e)
            when (e.Error.Kind is EngineErrorKind.Connection or EngineErrorKind.Resources)
        {
            _isDenied = true;
            return null;
        }
    }
}
