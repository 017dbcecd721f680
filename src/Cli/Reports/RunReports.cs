using System.Collections.Immutable;
using Strata.Cli.CommandLine;
using Strata.Cli.Session;
using Strata.Compiler.Diagnostics;
using Strata.Runner.Results;
using Strata.Runner.State.Tests;

namespace Strata.Cli.Reports;

/// <summary>Writes the reports that were asked for once a run has ended.</summary>
public static class RunReports
{
    private const string OnGitHub = "GITHUB_ACTIONS";
    private const string Workspace = "GITHUB_WORKSPACE";

    /// <returns>Null, after saying why, when they cannot be understood.</returns>
    public static ImmutableArray<ReportRequest>? Parse(CommandContext context, Flag<string[]> flag)
    {
        var isOnGitHub = context.Environment.GetValueOrDefault(OnGitHub) == "true";
        if (ReportRequest.Parse(context.Get(flag) ?? [], isOnGitHub, out var problem) is { } requests)
            return requests;
        context.Fail(CommandLineDiagnostics.InvalidValue(flag.Name, problem));
        return null;
    }

    /// <param name="command">The name of the command.</param>
    /// <returns>False, after saying why, when one cannot be written.</returns>
    public static async Task<bool> TryWriteAsync(
        CommandContext context,
        ProjectSession project,
        AdapterSet adapters,
        RunResult result,
        string command,
        ImmutableArray<ReportRequest> requests
    )
    {
        if (requests.IsEmpty)
            return true;
        var report = new RunReport
        {
            Result = result,
            Manifest = project.Manifest,
            Command = $"strata {command}",
            Version = ProductVersion.Text,
            History = requests.Any(one => one.Format == ReportFormat.Html)
                ? await TestHistories.ReadAsync(
                    project,
                    adapters,
                    result.Nodes.SelectMany(node => node.Tests).Select(test => test.Test),
                    HtmlSparkline.Runs,
                    _ => { },
                    context.Cancellation
                )
                : TestHistory.Empty,
        };
        foreach (var request in requests)
        {
            if (!TryWrite(context, report, request))
                return false;
        }
        return true;
    }

    /// <summary>The same of a run that began nothing.</summary>
    public static bool TryWrite(
        CommandContext context,
        FailedStart failed,
        ImmutableArray<ReportRequest> requests
    ) =>
        // each for itself: what can be written is
        requests.Count(request =>
            !TryWrite(
                context,
                request,
                prefix => GitHubAnnotations.Write(failed, prefix),
                format =>
                    format switch
                    {
                        ReportFormat.JUnit => JUnitReport.Write(failed),
                        ReportFormat.Html => HtmlReport.Write(failed),
                        _ => JsonReport.Write(failed),
                    }
            )
        ) == 0;

    private static bool TryWrite(CommandContext context, RunReport report, ReportRequest request) =>
        TryWrite(
            context,
            request,
            prefix => GitHubAnnotations.Write(report, prefix),
            format =>
                format switch
                {
                    ReportFormat.JUnit => JUnitReport.Write(report),
                    ReportFormat.Html => HtmlReport.Write(report),
                    _ => JsonReport.Write(report),
                }
        );

    /// <param name="annotate">The annotations, of a prefix of paths.</param>
    private static bool TryWrite(
        CommandContext context,
        ReportRequest request,
        Func<string, string> annotate,
        Func<ReportFormat, string> write
    )
    {
        if (request.Format == ReportFormat.GitHub)
        {
            var workspace = context.Environment.GetValueOrDefault(Workspace) ?? context.Host.WorkingDirectory;
            context.Error.Write(annotate(GitHubAnnotations.PrefixOf(context.ProjectFolder, workspace)));
            return true;
        }
        var path = context.FullPath(request.Path);
        var text = write(request.Format);
        try
        {
            var folder = Path.GetDirectoryName(path) ?? context.Host.WorkingDirectory;
            var artifacts = new ArtifactFolder(folder, context.Redactor);
            if (request.Format == ReportFormat.Json)
                artifacts.WriteJson(Path.GetFileName(path), text);
            else
                artifacts.WriteMarkup(Path.GetFileName(path), text);
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            context.Fail(CommandLineDiagnostics.CannotWriteReport(context.Shorten(path), exception.Message));
            return false;
        }
    }
}
