using Strata.Runner.Adapters;
using Strata.Runner.Statements;

namespace Strata.Adapters.Conformance.Engines;

/// <summary>An engine whose statements are logged: nobody may notice.</summary>
public abstract class LoggedEngine(EngineUnderTest inner) : EngineUnderTest
{
    public override string EndlessQuery => inner.EndlessQuery;

    public override IReadOnlyList<string> ProbeArguments => inner.ProbeArguments;

    public override string Series(long count) => inner.Series(count);

    public override IAdapter CreateAdapter() =>
        new StatementLog(Stream.Null, null, text => text, TimeProvider.System).Watch(inner.CreateAdapter());

    public override Task BoundLockWaitAsync(ISession session) => inner.BoundLockWaitAsync(session);

    public override Task InitializeAsync() => inner.InitializeAsync();

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        await inner.DisposeAsync();
    }
}
