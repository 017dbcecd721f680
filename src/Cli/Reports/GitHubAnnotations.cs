using System.Globalization;
using System.Text;
using Strata.Cli.Progress;
using Strata.Cli.Session;
using Strata.Compiler.Diagnostics;
using Strata.Runner.Results;

namespace Strata.Cli.Reports;

/// <summary>What went wrong as GitHub's workflow commands: it shows them beside the line in a pull request.</summary>
public static class GitHubAnnotations
{
    private const int Width = 100;

    /// <param name="prefix">From the repository's root to the project's folder, empty or with a slash at its end.</param>
    public static string Write(RunReport report, string prefix)
    {
        var text = new StringBuilder();
        foreach (
            var diagnostic in report
                .Result.Diagnostics.Concat(report.Result.Nodes.SelectMany(node => node.Diagnostics))
                .Concat(
                    report
                        .Result.Nodes.SelectMany(node => node.UnitTests)
                        .SelectMany(test => test.Diagnostics)
                )
                .Distinct()
        )
            Append(text, diagnostic, diagnostic.Details, prefix);
        foreach (var test in report.Result.Nodes.SelectMany(node => node.Tests))
        {
            foreach (var diagnostic in test.Diagnostics)
                Append(
                    text,
                    diagnostic,
                    diagnostic == RunReport.MainOf(test)
                        ? [.. diagnostic.Details, .. TestDetails.Of(test, Width, null)]
                        : diagnostic.Details,
                    prefix
                );
        }
        return text.ToString();
    }

    /// <summary>The same of a run that began nothing.</summary>
    public static string Write(FailedStart failed, string prefix)
    {
        var text = new StringBuilder();
        foreach (var diagnostic in failed.Diagnostics)
            Append(text, diagnostic, diagnostic.Details, prefix);
        return text.ToString();
    }

    /// <summary>Where the project lies in the repository, for <see cref="Write"/>.</summary>
    /// <param name="workspace">The repository's root, from GITHUB_WORKSPACE; else where the user is.</param>
    public static string PrefixOf(string projectFolder, string workspace)
    {
        var relative = Path.GetRelativePath(workspace, projectFolder).Replace('\\', '/');
        return relative == "." || relative.StartsWith("..", StringComparison.Ordinal) ? "" : relative + "/";
    }

    private static void Append(
        StringBuilder text,
        Diagnostic diagnostic,
        IReadOnlyCollection<string> details,
        string prefix
    )
    {
        text.Append(diagnostic.IsError ? "::error " : "::warning ");
        if (diagnostic.Span is { } span)
            text.Append(
                CultureInfo.InvariantCulture,
                $"file={Property(prefix + span.File.Path)},line={span.Start.Line},col={span.Start.Column},"
            );
        var lines = new[] { diagnostic.Message }.Concat(details);
        if (diagnostic.Hint is { } hint)
            lines = lines.Append($"hint: {hint}");
        text.Append("title=")
            .Append(Property($"strata {diagnostic.Code}"))
            .Append("::")
            .Append(Data(string.Join('\n', lines)))
            .Append('\n');
    }

    private static string Data(string text) =>
        text.Replace("%", "%25", StringComparison.Ordinal)
            .Replace("\r", "%0D", StringComparison.Ordinal)
            .Replace("\n", "%0A", StringComparison.Ordinal);

    private static string Property(string text) =>
        Data(text)
            .Replace(":", "%3A", StringComparison.Ordinal)
            .Replace(",", "%2C", StringComparison.Ordinal);
}
