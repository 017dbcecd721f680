using System.Globalization;
using System.Text;
using Strata.Tests.Engine.Measures;

namespace Strata.Tests.Engine.Planning;

/// <summary>A plan in words: which statements there are, what each reads, and which tests it measures.</summary>
public static class CheckPlanExplanation
{
    /// <param name="withSql">Whether the statements themselves follow.</param>
    public static string Explain(this CheckPlan plan, bool withSql = false)
    {
        var text = new StringBuilder();
        var tests = plan.Queries.Sum(q => q.Members.Length) + plan.Reconciliations.Length;
        text.Append(
            CultureInfo.InvariantCulture,
            $"{Count(tests, "test")} in {Count(plan.Queries.Length, "statement")}\n"
        );
        for (var i = 0; i < plan.Queries.Length; i++)
        {
            var query = plan.Queries[i];
            text.Append(CultureInfo.InvariantCulture, $"\n{i + 1}. {query.Describe()}\n");
            if (query.WhyAlone() is { } why)
                text.Append(CultureInfo.InvariantCulture, $"   alone: {why}\n");
            foreach (var member in query.Members)
            {
                text.Append(CultureInfo.InvariantCulture, $"   - {member.Test.Name}\n");
                if (member.BatchWords() is { } words)
                    text.Append(CultureInfo.InvariantCulture, $"       of a batch: {words}\n");
            }
            if (withSql)
                text.Append("     ")
                    .Append(query.Sql.Replace("\n", "\n     ", StringComparison.Ordinal))
                    .Append('\n');
        }
        foreach (var check in plan.Reconciliations)
            text.Append(
                CultureInfo.InvariantCulture,
                $"\nin several steps: {check.DescribeSteps()}\n   - {check.Test.Name}\n"
            );
        foreach (var rejected in plan.Rejected)
            text.Append(
                CultureInfo.InvariantCulture,
                $"\nnot run: {rejected.Test.Name}: {rejected.Diagnostics[0].Message}\n"
            );
        return text.ToString();
    }

    /// <summary>What a statement does: <c>one scan of "orders"</c>.</summary>
    public static string Describe(this CheckQuery query)
    {
        var member = query.Members[0];
        var reads = member.From is null
            ? ""
            : $" {member.Reads}{(member.Where is { } where ? $" where {where}" : "")}";
        return query.Shape switch
        {
            CheckQueryShape.OneScan => $"one scan of{reads}",
            CheckQueryShape.PrunedScans =>
                $"one statement, a scan by column statistics for each test, of{reads}",
            CheckQueryShape.Computed => $"a summary of{reads}, judged outside the engine",
            _ when member.From is null => "the project's own query",
            _ => $"a query of its own over{reads}",
        };
    }

    /// <summary>What a test does that takes several steps: <c>"orders" against its copy, each where it lies</c>.</summary>
    public static string DescribeSteps(this PlannedCheck check) =>
        $"{check.Reads} against its copy, each where it lies";

    /// <summary>Why a statement's tests cannot join the scan of the others; null for those that share one, or could.</summary>
    public static string? WhyAlone(this CheckQuery query) =>
        query.Members[0] switch
        {
            { Measure: ComputedMeasure } => "no SQL dialect has its statistic",
            { Measure: AggregateMeasure { JoinsScan: false } } => "its aggregate sorts all values",
            { Measure: QueryMeasure, From: null } => null,
            { Measure: QueryMeasure } => "it groups rows, or looks them up in another relation",
            { CountsRows: false } => "its fail_calc does not count rows",
            _ => null,
        };

    /// <summary>Which rows a check reads when a run adds a batch; null where there are no batches.</summary>
    public static string? BatchWords(this PlannedCheck check) =>
        check.ReadsBatchOnly ? "its rows only"
        : check.WholeBecause is { } why ? $"all rows, {why}"
        : null;

    private static string Count(int number, string noun) =>
        string.Create(CultureInfo.InvariantCulture, $"{number} {noun}{(number == 1 ? "" : "s")}");
}
