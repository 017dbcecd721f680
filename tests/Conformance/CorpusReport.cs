using System.Globalization;

namespace Strata.Conformance;

/// <summary>Writes passed/total of a corpus, by category.</summary>
public static class CorpusReport
{
    public static void Write(
        TextWriter output,
        string corpus,
        IReadOnlyList<CaseResult> results,
        bool isVerbose
    )
    {
        foreach (
            var category in results
                .GroupBy(result => result.Category)
                .OrderBy(group => group.Key, StringComparer.Ordinal)
        )
            WriteLine(output, corpus, category.Key, [.. category]);
        WriteLine(output, corpus, "all", results);
        if (!isVerbose)
            return;
        foreach (var failure in results.Where(result => !result.Passed))
            output.WriteLine($"  failed {failure.Id}: {failure.Reason}");
    }

    private static void WriteLine(
        TextWriter output,
        string corpus,
        string category,
        IReadOnlyCollection<CaseResult> results
    )
    {
        var passed = results.Count(result => result.Passed);
        output.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{corpus, -14} {category, -24} {passed, 5}/{results.Count, -5} {100.0 * passed / Math.Max(results.Count, 1), 6:0.0}%"
            )
        );
    }
}
