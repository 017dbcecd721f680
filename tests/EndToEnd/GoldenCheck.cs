using System.Text;

namespace Strata.EndToEnd;

/// <summary>Runs a case and compares what came of it, or takes that as what must come of it (UPDATE_GOLDEN=1).</summary>
internal static class GoldenCheck
{
    private static readonly bool IsUpdating =
        Environment.GetEnvironmentVariable("UPDATE_GOLDEN") is { Length: > 0 } and not "0";

    public static async Task RunAsync(string name)
    {
        var golden = GoldenCase.Named(name);
        var actual = await new CaseRun(golden).RunAsync();
        if (IsUpdating)
        {
            golden.WriteExpected(actual);
            return;
        }
        var expected = golden.ReadExpected();
        var problems = new StringBuilder();
        foreach (var file in expected.Keys.Union(actual.Keys).Order(StringComparer.Ordinal))
        {
            var before = expected.GetValueOrDefault(file);
            var after = actual.GetValueOrDefault(file);
            if (before == after)
                continue;
            problems.Append($"--- {name}/{file}{(before is null ? " (not expected at all)" : "")}\n");
            problems.Append($"+++ what came{(after is null ? " (nothing)" : "")}\n");
            problems.Append(LineDiff.Between(before ?? "", after ?? ""));
        }
        if (problems.Length > 0)
        {
            Assert.Fail(
                $"{problems}\nto accept this: UPDATE_GOLDEN=1 dotnet test tests/EndToEnd --filter \"DisplayName~{name}\", or 'make golden' for all"
            );
        }
    }
}
