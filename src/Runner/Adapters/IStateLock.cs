namespace Strata.Runner.Adapters;

/// <summary>A held writer's lock; disposing releases it.</summary>
public interface IStateLock : IAsyncDisposable;
