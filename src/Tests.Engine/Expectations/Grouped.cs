using Strata.Tests.Engine.Catalog;
using Strata.Tests.Engine.Measures;

namespace Strata.Tests.Engine.Expectations;

/// <summary>An aggregate over the whole relation or, with the argument <c>group_by</c>, over each group, as dbt packages have it.</summary>
internal static class Grouped
{
    /// <param name="passes">A condition over aggregates; null passes, as it does under <c>where not (...)</c>.</param>
    public static Measure Check(CheckContext c, string passes, string observed, string parameter = "group_by")
    {
        var groups = c.Expressions(parameter);
        if (groups.IsEmpty)
            return new AggregateMeasure($"coalesce({passes}, true)", observed);
        var keys = string.Join(", ", groups);
        return new QueryMeasure(
            $"select {keys}, {observed} as observed from {c.Source} group by {keys} having not coalesce({passes}, true)"
        );
    }
}
