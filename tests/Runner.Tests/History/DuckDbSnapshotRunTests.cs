namespace Strata.Runner.Tests.History;

public sealed class DuckDbSnapshotRunTests() : SnapshotRunTests("duck", null);
