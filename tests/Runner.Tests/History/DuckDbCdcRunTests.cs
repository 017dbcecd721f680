namespace Strata.Runner.Tests.History;

public sealed class DuckDbCdcRunTests() : CdcRunTests("duck", null);
