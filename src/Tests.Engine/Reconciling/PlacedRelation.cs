using Strata.Compiler.Sql;
using Strata.Tests.Engine.Planning;

namespace Strata.Tests.Engine.Reconciling;

/// <summary>A relation where it lies: on a connection of its own, which may be another than the test's.</summary>
/// <param name="Label">As people know it: <c>gold.orders on warehouse</c>.</param>
public sealed record PlacedRelation(CheckRelation Relation, SqlDialect Dialect, string Label)
{
    /// <summary>What a person reads afterwards, where that is another: the published relation in place of a stage.</summary>
    public string? Published { get; init; }
}
