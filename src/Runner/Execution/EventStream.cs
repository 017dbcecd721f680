using Strata.Runner.Events;

namespace Strata.Runner.Execution;

/// <summary>Hands events to the observer one at a time, in the order in which they happen.</summary>
internal sealed class EventStream(IRunObserver observer)
{
    private readonly Lock _lock = new();

    public void Raise(RunEvent runEvent)
    {
        lock (_lock)
            observer.OnEvent(runEvent);
    }
}
