namespace Strata.Compiler.Manifest;

public enum ResourceType
{
    Model,
    Seed,
    Snapshot,
    Source,
    Test,
    UnitTest,
    Exposure,
}
