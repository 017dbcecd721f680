using Strata.Cli.Html;
using Strata.Cli.Output;
using Strata.Cli.Progress;
using Strata.Compiler.Diagnostics;
using Strata.Runner.Planning;
using Strata.Runner.Results;
using Strata.Runner.State.Tests;
using Strata.Tests.Engine.Verdicts;

namespace Strata.Cli.Reports;

/// <summary>A node and its tests on the page of a run.</summary>
internal static class HtmlNode
{
    /// <summary>What must be looked at comes first; nodes of one kind stay in the plan's order.</summary>
    public static int Urgency(NodeResult node) =>
        ToneOf(node.Outcome) switch
        {
            "fail" => 0,
            "warn" => 1,
            _ => node.Outcome is Outcome.Fresh ? 3 : 2,
        };

    public static void Write(HtmlWriter page, NodeResult node, TestHistory history)
    {
        var tone = ToneOf(node.Outcome);
        var isOpen =
            tone == "fail"
            || node.Tests.Any(test => ToneOf(test.Status) != "pass")
            || node.UnitTests.Any(test => ToneOf(test.Status) != "pass");
        page.Open(
            "details",
            ("class", "node"),
            ("data-status", tone),
            ("data-text", $"{NodeWords.Title(node.Node)} {node.Node.Id}".ToLowerInvariant()),
            ("open", isOpen ? "open" : null)
        );
        page.Open("summary");
        page.Element("span", NodeWords.Outcome(node.Outcome), ("class", $"badge {tone}")).Text(" ");
        page.Element("b", NodeWords.Title(node.Node)).Text(" ");
        page.Element("span", string.Join(", ", Facts(node)), ("class", "facts")).Close();
        foreach (var diagnostic in node.Diagnostics)
            WriteDiagnostic(page, diagnostic);
        foreach (var test in node.UnitTests)
            WriteUnitTest(page, test);
        foreach (var test in node.Tests.OrderBy(test => Order(test.Status)))
            WriteTest(page, test, history);
        page.Close();
    }

    public static void WriteDiagnostic(HtmlWriter page, Diagnostic diagnostic)
    {
        page.Open("div", ("class", diagnostic.IsError ? "diagnostic fail" : "diagnostic warn"));
        page.Element("pre", DiagnosticRenderer.Render(diagnostic).TrimEnd());
        page.Close();
    }

    private static void WriteTest(HtmlWriter page, TestResult result, TestHistory history)
    {
        var test = result.Test;
        var tone = ToneOf(result.Status);
        page.Open(
            "section",
            ("class", $"test {tone}"),
            ("data-status", tone),
            (
                "data-text",
                $"{test.Name} {test.TestName} {test.Column} {RunReport.PlaceOf(test)}".ToLowerInvariant()
            )
        );
        page.Open("div", ("class", "line"));
        page.Element("span", Word(result.Status), ("class", $"badge {tone}")).Text(" ");
        page.Element("span", test.Name, ("class", "name")).Text(" ");
        page.Element("span", Figures(result), ("class", "figures"));
        HtmlSparkline.Write(page, [.. history.Of(test.UniqueId)]);
        page.Close();
        if (tone != "pass")
            WriteFailure(page, result);
        page.Close();
    }

    private static void WriteUnitTest(HtmlWriter page, UnitTestResult result)
    {
        var tone = ToneOf(result.Status);
        page.Open(
            "section",
            ("class", $"test {tone}"),
            ("data-status", tone),
            ("data-text", result.Test.Name.ToLowerInvariant())
        );
        page.Open("div", ("class", "line"));
        page.Element("span", Word(result.Status), ("class", $"badge {tone}")).Text(" ");
        page.Element("span", result.Test.Name, ("class", "name")).Text(" ");
        page.Element("span", "unit test", ("class", "figures")).Close();
        foreach (var diagnostic in result.Diagnostics)
            WriteDiagnostic(page, diagnostic);
        page.Close();
    }

    private static void WriteFailure(HtmlWriter page, TestResult result)
    {
        page.Open("p", ("class", "facts"));
        page.Element("code", RunReport.PlaceOf(result.Test));
        // a threshold that is not the usual one stands among the figures already
        if (
            ThresholdWords.Of(result.Test) is var threshold
            && !Figures(result).Contains(threshold, StringComparison.Ordinal)
        )
            page.Text($", {threshold}");
        if (TestWords.Arguments(result.Test) is { Length: > 0 } arguments)
            page.Text($", expected {arguments}");
        if (result.BatchOnly)
            page.Text(", looked at the batch only");
        if (result.StoredIn is { } stored)
            page.Text(", failing rows kept in ").Element("code", stored);
        page.Close();
        if (result.Status == TestStatus.Error)
        {
            foreach (var diagnostic in result.Diagnostics)
                WriteDiagnostic(page, diagnostic);
        }
        if (result.Samples is { Rows.IsEmpty: false } samples)
            WriteSamples(page, samples);
        if (result.FailingRowsSql is not { } sql)
            return;
        page.Open("details", ("class", "query")).Element("summary", "query");
        if (result.ReadsStage)
            page.Element(
                "p",
                "The rows were staged. Unless they were published, this query does not find them.",
                ("class", "facts")
            );
        page.Element("pre", sql).Close();
    }

    private static void WriteSamples(HtmlWriter page, FailingRows samples)
    {
        page.Open(
            "div",
            ("class", "scroll"),
            ("tabindex", "0"),
            ("role", "region"),
            ("aria-label", "failing rows")
        );
        page.Open("table").Open("thead").Open("tr");
        for (var i = 0; i < samples.Columns.Length; i++)
            page.Element(
                "th",
                samples.Columns[i],
                ("scope", "col"),
                ("class", i < samples.Leading ? "leading" : null)
            );
        page.Close().Close().Open("tbody");
        foreach (var row in samples.Rows)
        {
            page.Open("tr");
            foreach (var value in row)
                page.Element("td", value ?? "null", ("class", value is null ? "null" : null));
            page.Close();
        }
        page.Close().Close().Close();
        if (!samples.Masked.IsEmpty)
            page.Element("p", $"masked: {string.Join(", ", samples.Masked)}", ("class", "facts"));
    }

    private static IEnumerable<string> Facts(NodeResult node)
    {
        string[] facts =
        [
            node.Outcome is Outcome.Fresh ? "" : NodeWords.Action(node.Node),
            NodeWords.Rows(node.Rows),
            NodeWords.Changes(node.Rows),
            NodeWords.Tests(node.Tests),
            node.UnitTests.IsEmpty ? "" : $"unit tests: {NodeWords.UnitTests(node.UnitTests)}",
            NodeWords.Reason(node),
            node.Node.Action == PlannedAction.None ? "" : Words.Duration(node.Duration),
        ];
        return facts.Where(fact => fact.Length > 0);
    }

    // what the message says, without repeating the name
    private static string Figures(TestResult result)
    {
        var message = RunReport.MainOf(result)?.Message ?? "";
        var at = message.IndexOf(": ", StringComparison.Ordinal);
        return result.Status is TestStatus.Fail or TestStatus.Warn && at >= 0 ? message[(at + 2)..]
            : result.Observed is { } observed
                ? $"observed {observed}{(result.Note is { } note ? $", {note}" : "")}"
            : result.Note is { } remark ? remark
            : result is { Checked: { } all, Failures: > 0 and var failures, Counts: null }
                ? Shares.Of(failures, all)
            : result.Checked is { } rows ? Words.Count(rows, "row")
            : "";
    }

    private static int Order(TestStatus status) =>
        status switch
        {
            TestStatus.Fail => 0,
            TestStatus.Error => 1,
            TestStatus.Warn => 2,
            _ => 3,
        };

    private static string Word(TestStatus status) =>
        status == TestStatus.Error ? "broken" : TestWords.Of(status);

    private static string ToneOf(TestStatus status) =>
        status switch
        {
            TestStatus.Fail or TestStatus.Error => "fail",
            TestStatus.Warn or TestStatus.Skipped => "warn",
            _ => "pass",
        };

    private static string ToneOf(Outcome outcome) =>
        outcome switch
        {
            Outcome.Failed => "fail",
            Outcome.Succeeded or Outcome.Fresh => "pass",
            _ => "warn",
        };
}
