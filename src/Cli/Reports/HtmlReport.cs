using System.Collections.Immutable;
using Strata.Cli.Html;
using Strata.Cli.Output;
using Strata.Cli.Progress;
using Strata.Cli.Progress.Summaries;
using Strata.Cli.Session;
using Strata.Compiler.Diagnostics;
using Strata.Runner.Results;

namespace Strata.Cli.Reports;

/// <summary>The run as one page that needs nothing else: no network, no other file.</summary>
public static class HtmlReport
{
    public static string Write(RunReport report)
    {
        var result = report.Result;
        return Page(
            $"{report.Manifest.ProjectName}: {report.Command}",
            result.WasCancelled ? ("cancelled", "warn")
                : result.IsSuccess ? ("passed", "pass")
                : ("failed", "fail"),
            page =>
            {
                page.Text($"target {result.Plan.TargetName}, run ").Element("code", result.Plan.RunId);
                page.Text(", started ");
                page.Element("time", HtmlPage.Instant(result.Plan.StartedAt));
                page.Text($", took {Words.Duration(result.Duration)}, strata {report.Version}");
            },
            page =>
            {
                WriteTotals(page, result);
                WriteProblems(page, result.Diagnostics);
                WriteFilter(page);
                foreach (var node in result.Nodes.OrderBy(HtmlNode.Urgency))
                    HtmlNode.Write(page, node, report.History);
                page.Element("p", "nothing matches", ("id", "none"), ("hidden", "hidden"));
            }
        );
    }

    /// <summary>A run that began nothing: why.</summary>
    public static string Write(FailedStart failed) =>
        Page(
            failed.Title,
            ("could not start", "fail"),
            page =>
            {
                if (failed.TargetName is { } target)
                    page.Text($"target {target}, ");
                page.Text("run ").Element("code", failed.RunId).Text(", ");
                page.Element("time", HtmlPage.Instant(failed.StartedAt));
                page.Text($", exit code {failed.ExitCode}, strata {ProductVersion.Text}");
            },
            page => WriteProblems(page, failed.Diagnostics)
        );

    private static string Page(
        string title,
        (string Word, string Tone) verdict,
        Action<HtmlWriter> writeFacts,
        Action<HtmlWriter> writeMain
    ) =>
        HtmlPage.Write(
            title,
            "reports/report.css",
            "reports/report.js",
            page =>
            {
                page.Open("header");
                page.Open("h1").Text(title).Text(" ");
                page.Element("span", verdict.Word, ("class", $"badge {verdict.Tone}")).Close();
                page.Open("p", ("class", "facts"));
                writeFacts(page);
                page.Close().Close();
                page.Open("main");
                writeMain(page);
                page.Close();
            }
        );

    private static void WriteTotals(HtmlWriter page, RunResult result)
    {
        var totals = new RunTotals(result);
        page.Open("section", ("class", "totals"), ("aria-label", "totals"));
        Tile("failed tests", Count(TestStatus.Fail), "fail");
        Tile("could not run", Count(TestStatus.Error), "fail");
        Tile("warned", Count(TestStatus.Warn), "warn");
        Tile("passed", Count(TestStatus.Pass), "pass");
        Tile("failed nodes", result.Nodes.Count(node => node.Outcome == Outcome.Failed), "fail");
        Tile(
            "not published",
            result.Nodes.Count(node =>
                node.Outcome is Outcome.Skipped or Outcome.HeldBack or Outcome.Cancelled
            ),
            "warn"
        );
        Tile(
            "nodes in order",
            result.Nodes.Count(node => node.Outcome is Outcome.Succeeded or Outcome.Warned or Outcome.Fresh),
            "pass"
        );
        page.Close();

        int Count(TestStatus status) =>
            totals.Tests.GetValueOrDefault(status) + totals.UnitTests.GetValueOrDefault(status);

        void Tile(string name, int count, string tone) =>
            HtmlPage.WriteTile(page, Words.Number(count), name, tone, count == 0);
    }

    private static void WriteProblems(HtmlWriter page, ImmutableArray<Diagnostic> diagnostics)
    {
        if (diagnostics.IsEmpty)
            return;
        page.Open("section", ("class", "problems"));
        foreach (var diagnostic in diagnostics)
            HtmlNode.WriteDiagnostic(page, diagnostic);
        page.Close();
    }

    private static void WriteFilter(HtmlWriter page)
    {
        page.Open("div", ("class", "filter"), ("role", "search"));
        page.Open("label", ("for", "find")).Text("find").Close();
        page.Open(
            "input",
            ("id", "find"),
            ("type", "search"),
            ("placeholder", "a node, a test, a column, a file"),
            ("autocomplete", "off")
        );
        foreach (var status in new[] { "fail", "warn", "pass" })
        {
            page.Open("label", ("class", "switch"));
            page.Open("input", ("type", "checkbox"), ("data-status", status), ("checked", "checked"));
            page.Text(
                    status == "fail" ? "failed"
                    : status == "warn" ? "warned, skipped"
                    : "passed"
                )
                .Close();
        }
        page.Close();
    }
}
