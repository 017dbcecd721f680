namespace Strata.Runner.Events;

/// <summary>Receives the events of a run in order, one at a time; must be quick and must not throw.</summary>
public interface IRunObserver
{
    void OnEvent(RunEvent runEvent);
}
