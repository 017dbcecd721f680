namespace Strata.Runner.Runs;

/// <summary>A run as one connection remembers it.</summary>
/// <param name="Seq">The order of runs on the connection; runs from before runs were noted have negative ones.</param>
/// <param name="Target">Empty where it was not noted.</param>
/// <param name="Outcome">One of <see cref="RunOutcome"/>.</param>
/// <param name="ToRun">Of a rollback: the run that it went back to.</param>
/// <param name="ToSeq">Of a rollback: its place on this connection.</param>
public sealed record RunRecord(
    string RunId,
    long Seq,
    string Target,
    string Command,
    DateTimeOffset StartedAt,
    DateTimeOffset? EndedAt,
    string Outcome,
    string? ToRun,
    long? ToSeq
);
