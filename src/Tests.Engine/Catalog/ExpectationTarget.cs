namespace Strata.Tests.Engine.Catalog;

/// <summary>What an expectation is written under.</summary>
public enum ExpectationTarget
{
    Column,
    Relation,

    /// <summary>Either; under a column, the column takes part.</summary>
    Both,
}
