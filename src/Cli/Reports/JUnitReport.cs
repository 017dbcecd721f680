using System.Globalization;
using System.Text;
using System.Xml;
using Strata.Cli.Progress;
using Strata.Cli.Session;
using Strata.Compiler.Diagnostics;
using Strata.Runner.Planning;
using Strata.Runner.Results;

namespace Strata.Cli.Reports;

/// <summary>
/// The run as JUnit's XML, which every CI system reads: a suite for each node, a case for its build and one for each
/// of its tests. A test that could not run is an error, one that warns passes and says so in its output.
/// </summary>
public static class JUnitReport
{
    private const int Width = 100;

    public static string Write(RunReport report)
    {
        var suites = report
            .Result.Nodes.Select(node => new Suite(node))
            .Where(suite => suite.Tests > 0)
            .ToList();
        return Document(xml =>
        {
            xml.WriteStartElement("testsuites");
            xml.WriteAttributeString(
                "name",
                $"{report.Manifest.ProjectName} ({report.Result.Plan.TargetName})"
            );
            WriteCounts(
                xml,
                suites.Sum(suite => suite.Tests),
                suites.Sum(suite => suite.Failures),
                suites.Sum(suite => suite.Errors),
                suites.Sum(suite => suite.Skipped),
                report.Result.Duration
            );
            foreach (var suite in suites)
                WriteSuite(xml, suite, report.Result.Plan.StartedAt);
            xml.WriteEndElement();
        });
    }

    /// <summary>A run that began nothing: one case, named for the command, that is an error.</summary>
    public static string Write(FailedStart failed) =>
        Document(xml =>
        {
            xml.WriteStartElement("testsuites");
            xml.WriteAttributeString("name", failed.Title);
            WriteCounts(xml, 1, 0, 1, 0, TimeSpan.Zero);
            xml.WriteStartElement("testsuite");
            xml.WriteAttributeString("name", failed.Command);
            WriteCounts(xml, 1, 0, 1, 0, TimeSpan.Zero);
            WriteTimestamp(xml, failed.StartedAt);
            WriteCase(xml, failed.Command, failed.Command, TimeSpan.Zero);
            var main = RunReport.MainOf(failed.Diagnostics);
            WriteProblem(
                xml,
                "error",
                main?.Code ?? "",
                main?.Message ?? "",
                string.Join('\n', failed.Diagnostics.Select(DiagnosticRenderer.Render))
            );
            xml.WriteEndElement();
            xml.WriteEndElement();
            xml.WriteEndElement();
        });

    private static string Document(Action<XmlWriter> write)
    {
        var text = new StringBuilder();
        using (
            var xml = XmlWriter.Create(
                text,
                new XmlWriterSettings
                {
                    Indent = true,
                    OmitXmlDeclaration = true,
                    NewLineChars = "\n",
                }
            )
        )
            write(xml);
        return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + text + "\n";
    }

    private static void WriteTimestamp(XmlWriter xml, DateTimeOffset at) =>
        xml.WriteAttributeString(
            "timestamp",
            at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture)
        );

    private static void WriteSuite(XmlWriter xml, Suite suite, DateTimeOffset startedAt)
    {
        xml.WriteStartElement("testsuite");
        xml.WriteAttributeString("name", Clean(suite.Name));
        WriteCounts(xml, suite.Tests, suite.Failures, suite.Errors, suite.Skipped, suite.Node.Duration);
        WriteTimestamp(xml, startedAt);
        if (suite.HasBuild)
            WriteBuild(xml, suite);
        foreach (var test in suite.Node.UnitTests)
            WriteUnitTest(xml, suite, test);
        foreach (var test in suite.Node.Tests)
            WriteTest(xml, suite, test);
        xml.WriteEndElement();
    }

    private static void WriteBuild(XmlWriter xml, Suite suite)
    {
        var node = suite.Node;
        var problem = node.Diagnostics.FirstOrDefault(diagnostic => diagnostic.IsError);
        WriteCase(
            xml,
            node.Node.Action == PlannedAction.UnitTest ? "unit tests" : "build",
            suite.Name,
            node.Duration
        );
        if (suite.IsSkipped)
        {
            xml.WriteStartElement("skipped");
            xml.WriteAttributeString("message", Clean(NodeWords.Reason(node)));
            xml.WriteEndElement();
        }
        else if (problem is not null)
        {
            WriteProblem(xml, "error", problem.Code, problem.Message, DiagnosticRenderer.Render(problem));
        }
        xml.WriteEndElement();
    }

    private static void WriteUnitTest(XmlWriter xml, Suite suite, UnitTestResult test)
    {
        WriteCase(xml, test.Test.Name, suite.Name, test.Duration);
        var main = RunReport.MainOf(test.Diagnostics);
        var text = string.Concat(test.Diagnostics.Select(DiagnosticRenderer.Render));
        if (test.Status is TestStatus.Fail or TestStatus.Error)
            WriteProblem(
                xml,
                test.Status == TestStatus.Fail ? "failure" : "error",
                main?.Code ?? "",
                main?.Message ?? "",
                text
            );
        else if (test.Status == TestStatus.Skipped)
            xml.WriteElementString("skipped", Clean(text));
        else if (text.Length > 0)
            xml.WriteElementString("system-out", Clean(text));
        xml.WriteEndElement();
    }

    private static void WriteTest(XmlWriter xml, Suite suite, TestResult test)
    {
        WriteCase(xml, test.Test.Name, suite.Name, test.Duration);
        var place = test.Test.Declaration;
        xml.WriteAttributeString("file", Clean(place.File.Path));
        xml.WriteAttributeString("line", place.Start.Line.ToString(CultureInfo.InvariantCulture));
        var main = RunReport.MainOf(test);
        switch (test.Status)
        {
            case TestStatus.Fail:
                WriteProblem(xml, "failure", main?.Code ?? "", main?.Message ?? "", Details(test));
                break;
            case TestStatus.Error:
                WriteProblem(xml, "error", main?.Code ?? "", main?.Message ?? "", Details(test));
                break;
            case TestStatus.Skipped:
                xml.WriteStartElement("skipped");
                xml.WriteEndElement();
                break;
            case TestStatus.Warn:
                xml.WriteElementString("system-out", Clean(Details(test)));
                break;
        }
        xml.WriteEndElement();
    }

    private static void WriteCase(XmlWriter xml, string name, string suite, TimeSpan duration)
    {
        xml.WriteStartElement("testcase");
        xml.WriteAttributeString("name", Clean(name));
        xml.WriteAttributeString("classname", Clean(suite));
        xml.WriteAttributeString("time", Seconds(duration));
    }

    private static void WriteProblem(XmlWriter xml, string element, string type, string message, string text)
    {
        xml.WriteStartElement(element);
        xml.WriteAttributeString("message", Clean(message));
        xml.WriteAttributeString("type", type);
        xml.WriteString(Clean(text));
        xml.WriteEndElement();
    }

    private static void WriteCounts(
        XmlWriter xml,
        int tests,
        int failures,
        int errors,
        int skipped,
        TimeSpan duration
    )
    {
        foreach (
            var (name, count) in new[]
            {
                ("tests", tests),
                ("failures", failures),
                ("errors", errors),
                ("skipped", skipped),
            }
        )
            xml.WriteAttributeString(name, count.ToString(CultureInfo.InvariantCulture));
        xml.WriteAttributeString("time", Seconds(duration));
    }

    private static string Details(TestResult test)
    {
        var lines = TestDetails.Of(test, Width, null);
        var main = RunReport.MainOf(test);
        var text = new StringBuilder();
        foreach (var diagnostic in test.Diagnostics)
            text.Append(
                DiagnosticRenderer.Render(
                    diagnostic == main
                        ? diagnostic with
                        {
                            Details = [.. diagnostic.Details, .. lines],
                        }
                        : diagnostic
                )
            );
        if (test.FailingRowsSql is { } sql)
            text.Append('\n').Append(sql).Append('\n');
        return text.ToString();
    }

    private static string Seconds(TimeSpan duration) =>
        duration.TotalSeconds.ToString("0.000", CultureInfo.InvariantCulture);

    // a value may hold what no XML document can
    private static string Clean(string text) =>
        text.All(XmlConvert.IsXmlChar)
            ? text
            : string.Concat(
                text.EnumerateRunes().Select(rune => IsAllowed(rune) ? rune.ToString() : "\uFFFD")
            );

    private static bool IsAllowed(Rune rune) => !rune.IsBmp || XmlConvert.IsXmlChar((char)rune.Value);

    private sealed class Suite(NodeResult node)
    {
        public NodeResult Node => node;

        public string Name { get; } = NodeWords.Title(node.Node);

        public bool IsSkipped => node.Outcome is Outcome.Skipped or Outcome.HeldBack or Outcome.Cancelled;

        /// <summary>Whether the node was worked on, or was to be.</summary>
        public bool HasBuild =>
            node.Node.Action switch
            {
                PlannedAction.None or PlannedAction.Test => false,
                // its tests say how it went, unless it came to none
                PlannedAction.UnitTest => node.UnitTests.IsEmpty || node.Diagnostics.Any(one => one.IsError),
                _ => node.Outcome != Outcome.Fresh,
            };

        public int Tests => Statuses.Count() + (HasBuild ? 1 : 0);

        public int Failures => Statuses.Count(status => status == TestStatus.Fail);

        public int Errors =>
            Statuses.Count(status => status == TestStatus.Error)
            + (HasBuild && !IsSkipped && node.Diagnostics.Any(diagnostic => diagnostic.IsError) ? 1 : 0);

        public int Skipped =>
            Statuses.Count(status => status == TestStatus.Skipped) + (HasBuild && IsSkipped ? 1 : 0);

        private IEnumerable<TestStatus> Statuses =>
            node.Tests.Select(test => test.Status).Concat(node.UnitTests.Select(test => test.Status));
    }
}
