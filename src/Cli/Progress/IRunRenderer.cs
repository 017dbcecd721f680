using Strata.Runner.Events;
using Strata.Runner.Results;

namespace Strata.Cli.Progress;

/// <summary>Shows a run while it goes on and its result when it has ended. Disposing stops whatever still moves.</summary>
public interface IRunRenderer : IRunObserver, IAsyncDisposable
{
    Task CompleteAsync(RunResult result);
}
