using Strata.Cli.Html;
using Strata.Cli.Output;
using Strata.Compiler.Manifest;
using Strata.Compiler.Manifest.Tests;
using Strata.Runner.Results;

namespace Strata.Cli.Docs;

/// <summary>The tests of a node, and its unit tests.</summary>
internal static class DocsTests
{
    public static void Write(HtmlWriter page, DocsProject project, Node node)
    {
        WriteTests(page, [.. project.TestsOf(node)], node);
        var unitTests = project.UnitTestsOf(node).ToList();
        if (unitTests.Count == 0)
            return;
        page.Element("h3", "Unit tests").Open("ul", ("class", "list"));
        foreach (var test in unitTests)
        {
            page.Open("li").Element("code", test.Name);
            if (test.Description.Length > 0)
                page.Text(" ").Element("span", test.Description, ("class", "text"));
            page.Text(" ").Element("span", test.Path, ("class", "quiet")).Close();
        }
        page.Close();
    }

    /// <param name="node">The node under whose heading they stand; null for tests of no node.</param>
    public static void WriteTests(HtmlWriter page, IReadOnlyList<TestNode> tests, Node? node)
    {
        if (tests.Count == 0)
            return;
        page.Element("h3", node is null ? "Tests that read no node" : "Tests");
        page.Open("div", ("class", "scroll")).Open("table").Open("tr");
        foreach (var heading in new[] { "test", "column", "severity", "what it says" })
            page.Element("th", heading);
        page.Close();
        foreach (var test in tests)
        {
            page.Open("tr").Open("td").Element("code", test.TestName ?? test.Name).Close();
            page.Open("td").Element("code", test.Column).Close();
            page.Open("td");
            WriteSeverity(page, test.Config.Severity);
            page.Close().Open("td", ("class", "text"));
            page.Text(string.Join("\n", About(test, node))).Close().Close();
        }
        page.Close().Close();
    }

    /// <summary>The names of a column's tests.</summary>
    public static void WriteNames(HtmlWriter page, IEnumerable<TestNode> tests)
    {
        var isFirst = true;
        foreach (var test in tests)
        {
            page.Text(isFirst ? "" : ", ");
            page.Element("code", test.TestName ?? test.Name, ("title", TestWords.Arguments(test)));
            if (test.Config.Severity != TestSeverity.Error)
                WriteSeverity(page.Text(" "), test.Config.Severity);
            isFirst = false;
        }
    }

    private static void WriteSeverity(HtmlWriter page, TestSeverity severity) =>
        page.Element(
            "span",
            severity.ToString().ToLowerInvariant(),
            ("class", severity == TestSeverity.Error ? "badge plain" : "badge warn")
        );

    private static IEnumerable<string> About(TestNode test, Node? node)
    {
        if (test.Description.Length > 0)
            yield return test.Description.Trim();
        if (TestWords.Arguments(test) is { Length: > 0 } arguments)
            yield return arguments;
        if (test.Config.Where is { } where)
            yield return $"where {where}";
        if (test.Config.Mostly is { } mostly)
            yield return $"mostly {TestWords.Value(mostly)}";
        if (test.IsConstraint)
            yield return "a constraint: nothing is published without it";
        if (test.AttachedNode is not null)
            yield break;
        yield return node is not null && test.DependsOn.Length > 1
            ? $"{test.Path}, over {Words.Count(test.DependsOn.Length, "node")}"
            : test.Path;
    }
}
