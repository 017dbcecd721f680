namespace Strata.Compiler.Graph.Selection;

/// <summary>What a criterion compares its value with.</summary>
public enum SelectionMethod
{
    Fqn,
    Tag,
    Path,
    File,
    Source,
    ResourceType,
    Config,
    TestName,
    TestType,
    Exposure,
    UnitTest,
    Package,
    Layer,
    Engine,
}
