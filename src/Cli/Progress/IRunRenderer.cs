using Strata.Runner.Events;
using Strata.Runner.Results;

namespace Strata.Cli.Progress;

/// <summary>Shows a run while it goes on. Disposing stops whatever still moves.</summary>
public interface IRunRenderer : IRunObserver, IAsyncDisposable
{
    /// <summary>Shows the result; what is wrong with it has been printed by then.</summary>
    void Summarize(RunResult result);
}
