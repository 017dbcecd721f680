namespace Strata.Runner.Tests.Execution;

public sealed class DuckDbSnapshotRunTests() : SnapshotRunTests("duck", null);
