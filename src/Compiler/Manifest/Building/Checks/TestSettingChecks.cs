using System.Text.RegularExpressions;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Project.Configuration;
using Strata.Compiler.Project.Yaml;

namespace Strata.Compiler.Manifest.Building.Checks;

/// <summary>Settings of a test that no engine could follow, or that its kind of test has no use for.</summary>
internal static partial class TestSettingChecks
{
    private static readonly string[] Thresholds = ["warn_if", "error_if"];

    /// <param name="config">All that is said of the test.</param>
    /// <param name="own">What its own entry or file says: what folders say is for those it is good for.</param>
    /// <param name="isQuery">The project wrote the query whose rows are failures.</param>
    public static void Check(
        TestNode test,
        ConfigSet config,
        ConfigSet own,
        bool isQuery,
        DiagnosticBag diagnostics
    )
    {
        foreach (var name in Thresholds)
        {
            if (config.Find(name) is not YamlScalar written)
                continue;
            if (!Comparison().IsMatch(written.Text))
                diagnostics.Add(
                    TestDiagnostics.WrongArgument(
                        written.Span,
                        name,
                        "a comparison",
                        $"'{written.Text}'",
                        $"a comparison with the number of failures: {name}: \"> 10\""
                    )
                );
            else if (isQuery && written.Text.Contains('%'))
                diagnostics.Add(TestDiagnostics.NoShare(test, written.Text, written.Span));
        }
        if (!isQuery)
            return;
        if (own.Find("mostly") is { } mostly)
            diagnostics.Add(TestDiagnostics.NoMostly(test, test.TestName ?? test.Name, mostly.Span));
        if (test.AttachedNode is null && own.Find("where") is { } where)
            diagnostics.Add(TestDiagnostics.NoWhere(test, where.Span));
    }

    [GeneratedRegex(
        @"^\s*(<=|>=|<>|!=|==|=|<|>|(between|not|in|is)\b)",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex Comparison();
}
