namespace Strata.Runner.Tests.Execution;

public sealed class DuckDbCdcRunTests() : CdcRunTests("duck", null);
