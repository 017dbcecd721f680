using Strata.Compiler.Diagnostics;
using Strata.Runner.Planning;
using Strata.Runner.Results;

namespace Strata.Runner.Events;

/// <summary>Everything observable about a run. The console, JSON output and artifacts subscribe to these.</summary>
public abstract record RunEvent(DateTimeOffset At);

public sealed record RunStarted(DateTimeOffset At, RunPlan Plan) : RunEvent(At);

/// <param name="Phase">stage, audit, publish, copy.</param>
public sealed record NodeStarted(DateTimeOffset At, PlannedNode Node, string Phase) : RunEvent(At);

/// <param name="Rows">Rows handled so far.</param>
public sealed record NodeProgress(DateTimeOffset At, PlannedNode Node, long Rows) : RunEvent(At)
{
    /// <summary>How far landed files have been read; null where none are.</summary>
    public FileProgress? Files { get; init; }
}

/// <summary>A node of a publish group is built and audited, and waits for the group.</summary>
public sealed record NodeStaged(DateTimeOffset At, NodeResult Result) : RunEvent(At);

public sealed record NodeFinished(DateTimeOffset At, NodeResult Result) : RunEvent(At);

/// <param name="Group">The publish group; <paramref name="Nodes"/> relations changed in one transaction.</param>
public sealed record GroupPublished(DateTimeOffset At, string Group, int Nodes, TimeSpan Duration)
    : RunEvent(At);

public sealed record DiagnosticRaised(DateTimeOffset At, Diagnostic Diagnostic) : RunEvent(At);

public sealed record RunFinished(DateTimeOffset At, RunResult Result) : RunEvent(At);
