namespace Strata.Runner.Execution;

/// <summary>An armed failpoint was reached; treated like any failure at that place.</summary>
public sealed class FailpointException(FailpointName name)
    : Exception($"failpoint {Failpoints.Word(name)} was reached")
{
    public FailpointName Name { get; } = name;
}
