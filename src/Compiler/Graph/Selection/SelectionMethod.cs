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
    Group,
    Access,
    Version,
    Metric,
    SemanticModel,
    SavedQuery,

    /// <summary>What <c>selectors.yml</c> says under a name.</summary>
    Selector,

    /// <summary>How the node's definition differs from an earlier manifest.</summary>
    State,

    /// <summary>What an earlier run made of the node.</summary>
    Result,

    /// <summary>Whether a source has had newer rows since an earlier look.</summary>
    SourceStatus,
}
