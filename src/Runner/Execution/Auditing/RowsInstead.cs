using Strata.Tests.Engine.Planning;

namespace Strata.Runner.Execution.Auditing;

/// <summary>Rows that are judged in place of a node: a stage before anything is done with it.</summary>
/// <param name="LookedUp">The node as a test finds it that looks values up in it: these rows and those beside them.</param>
internal sealed record RowsInstead(string NodeId, CheckRelation Rows, CheckRelation LookedUp);
