using System.Globalization;
using System.Text;

namespace Strata.Tests.Engine.Planning;

/// <summary>A plan in words: which statements there are, what each reads, and which tests it measures.</summary>
public static class CheckPlanExplanation
{
    public static string Explain(this CheckPlan plan)
    {
        var text = new StringBuilder();
        var tests = plan.Queries.Sum(q => q.Members.Length);
        text.Append(
            CultureInfo.InvariantCulture,
            $"{Count(tests, "test")} in {Count(plan.Queries.Length, "statement")}\n"
        );
        for (var i = 0; i < plan.Queries.Length; i++)
        {
            var query = plan.Queries[i];
            text.Append(CultureInfo.InvariantCulture, $"\n{i + 1}. {Shape(query)}\n");
            foreach (var member in query.Members)
                text.Append(CultureInfo.InvariantCulture, $"   - {member.Test.Name}{Scope(member)}\n");
        }
        foreach (var rejected in plan.Rejected)
            text.Append(
                CultureInfo.InvariantCulture,
                $"\nnot run: {rejected.Test.Name}: {rejected.Diagnostics[0].Message}\n"
            );
        return text.ToString();
    }

    private static string Shape(CheckQuery query)
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

    private static string Scope(PlannedCheck member) =>
        member.ReadsBatchOnly ? " (the batch only)"
        : member.WholeBecause is { } why ? $" (all rows: {why})"
        : "";

    private static string Count(int number, string noun) =>
        string.Create(CultureInfo.InvariantCulture, $"{number} {noun}{(number == 1 ? "" : "s")}");
}
