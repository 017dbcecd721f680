using System.Collections.Immutable;
using Strata.Cli.CommandLine;
using Strata.Cli.Progress;
using Strata.Cli.Progress.Summaries;
using Strata.Cli.Reports;
using Strata.Cli.Session;
using Strata.Compiler.Manifest;
using Strata.Runner.Execution;
using Strata.Runner.Planning;
using Strata.Runner.Results;

namespace Strata.Cli.Commands.Executing;

/// <summary>What build, run, test and seed have in common: compile, select, execute, show, keep the results.</summary>
public abstract class ExecutingCommand : StrataCommand
{
    private readonly SelectionFlags _selection = new();
    private readonly RunFlags _run = new();
    private readonly ProjectFlags _project = new();
    private readonly RunCommand _command;

    protected ExecutingCommand(string name, string summary, RunCommand command)
        : base(name, summary)
    {
        _command = command;
        var running = _run.All.Where(flag =>
            command switch
            {
                RunCommand.Test => flag != _run.FullRefresh && !_run.EventTime.Contains(flag),
                RunCommand.Build => true,
                RunCommand.Seed => !_run.EventTime.Contains(flag) && flag != _run.UpdateBaselines,
                _ => flag != _run.UpdateBaselines,
            }
        );
        AddAll(_selection.All, running, _project.Running);
    }

    public override async Task<int> RunAsync(CommandContext context)
    {
        var attempt = new Attempt();
        var exitCode = await LockWait.RunAsync(context, _run.Wait, wait => RunAsync(context, wait, attempt));
        if (exitCode != ExitCode.Ok && !attempt.IsStarted && Executes(context))
            Tell(context, attempt, exitCode);
        return exitCode;
    }

    private async Task<int> RunAsync(CommandContext context, LockWait wait, Attempt attempt)
    {
        if (!EventTimeFlags.TryRead(context, _run, out var eventTime))
            return ExitCode.CouldNotRun;
        if (RunReports.Parse(context, _run.Report) is not { } reports)
            return ExitCode.CouldNotRun;
        attempt.Reports = reports;
        var warns = wait.IsAgain ? ProjectWarnings.None : ProjectWarnings.OfSelection;
        if (ProjectSession.Open(context, _project, out var exitCode, warns: warns) is not { } project)
            return exitCode;
        attempt.Project = project;
        if (project.Select(context, _selection, out exitCode) is not { } selected)
            return exitCode;
        var matches = !selected.IsEmpty;
        selected = Narrow(project.Manifest, selected);
        await using var adapters = project.OpenAdapters(context, _project, isRun: true);
        if (adapters is null)
            return ExitCode.CouldNotRun;
        if (!project.TryWriteCompiled(context))
            return ExitCode.CouldNotRun;

        if (project.ToRunRequest(context, _project, selected, _command, adapters) is not { } request)
            return ExitCode.CouldNotRun;
        request = request with
        {
            FullRefresh = context.Get(_run.FullRefresh),
            EventTime = eventTime,
            UpdatesBaselines = context.Get(_run.UpdateBaselines),
            FailFast = context.Get(_run.FailFast),
        };
        if (await TryInsteadAsync(context, project, adapters, request) is { } exit)
            return exit;
        var renderer = CreateRenderer(context, project);
        RunResult result;
        await using (renderer)
        {
            result = await ProjectRunner.RunAsync(request, renderer, context.Cancellation);
        }
        attempt.IsStarted = !result.CouldNotStart;
        await context.Out.FlushAsync();
        if (result.CouldNotStart && wait.PutsOff(project, result.Diagnostics))
            return ExitCode.CouldNotRun;
        if (result.Nodes.IsEmpty && !result.CouldNotStart)
            project.WarnNothingSelected(context, _selection, matches, WorksOn);
        var isWritten = result.CouldNotStart || project.TryWriteResults(context, result, Name);
        RunDiagnostics.Print(
            context,
            result,
            test =>
                isWritten && FailingQueries.PathOf(test) is { } path
                    ? context.Shorten(Path.Combine(project.Artifacts.Path, path))
                    : null
        );
        if (!result.CouldNotStart)
            isWritten &= await RunReports.TryWriteAsync(context, project, adapters, result, Name, reports);
        await context.Error.FlushAsync();
        renderer.Summarize(result);
        return isWritten ? RunExitCode.Of(result) : ExitCode.CouldNotRun;
    }

    // whoever looks at files and events only must not take an earlier run for this one
    private void Tell(CommandContext context, Attempt attempt, int exitCode)
    {
        var startedAt = attempt.Project?.StartedAt ?? context.Host.Time.GetUtcNow();
        var failed = new FailedStart
        {
            Command = $"strata {Name}",
            RunId = attempt.Project?.RunId ?? RunId.Create(startedAt),
            StartedAt = startedAt,
            ProjectName = attempt.Project?.Manifest.ProjectName,
            TargetName = attempt.Project?.Manifest.TargetName ?? context.Get(_project.Target),
            ExitCode = exitCode,
            Diagnostics = context.Printed,
        };
        failed.TryWriteResults(context, ProjectSession.ArtifactFolderOf(context, _project));
        RunReports.TryWrite(context, failed, attempt.Reports);
        if (IsJson(context))
            context.Out.WriteJsonLine(RunEventJson.Write(failed, context.Host.Time.GetUtcNow()));
    }

    /// <summary>How far a command has come.</summary>
    private sealed class Attempt
    {
        public ImmutableArray<ReportRequest> Reports { get; set; } = [];

        public ProjectSession? Project { get; set; }

        public bool IsStarted { get; set; }
    }

    /// <summary>Whether the command is asked to execute something, and not only to tell.</summary>
    protected virtual bool Executes(CommandContext context) => true;

    /// <summary>What the command works on, in words.</summary>
    protected virtual string WorksOn => "nodes that this command works on";

    /// <summary>What the command works on of the nodes that were selected.</summary>
    protected virtual ImmutableHashSet<string> Narrow(
        ProjectManifest manifest,
        ImmutableHashSet<string> selected
    ) => selected;

    /// <summary>The options that say how the project is read.</summary>
    protected ProjectFlags Project => _project;

    /// <summary>What a command does in place of executing anything, if its options say so.</summary>
    /// <returns>The exit code; null to go on.</returns>
    protected virtual Task<int?> TryInsteadAsync(
        CommandContext context,
        ProjectSession project,
        AdapterSet adapters,
        RunRequest request
    ) => Task.FromResult<int?>(null);

    /// <summary>Whether the output is for a program.</summary>
    protected bool IsJson(CommandContext context) => context.Get(_run.Json);

    private IRunRenderer CreateRenderer(CommandContext context, ProjectSession project)
    {
        if (context.Get(_run.Json))
            return new JsonRunRenderer(context.Out);
        return context.Terminal.IsLive && !context.IsQuiet
            ? new LiveRunRenderer(
                context.Out,
                context.Terminal,
                project.Manifest,
                context.Host.Time,
                $"strata {Name}"
            )
            : new PlainRunRenderer(context.Out, context.OutPalette, context.IsQuiet);
    }
}
