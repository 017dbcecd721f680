using System.Collections.Immutable;
using System.CommandLine;
using Strata.Cli.CommandLine;
using Strata.Cli.Histories;
using Strata.Cli.Output;
using Strata.Cli.Progress;
using Strata.Cli.Session;
using Strata.Compiler.Diagnostics;
using Strata.Runner.Planning;
using Strata.Runner.Runs;

namespace Strata.Cli.Commands;

public sealed class RunsCommand : StrataCommand
{
    private const int DefaultLimit = 10;

    private readonly ProjectFlags _project = new();
    private readonly Argument<string?> _run = new("run")
    {
        Arity = ArgumentArity.ZeroOrOne,
        Description = "the run whose nodes to show: its id, or the beginning of it",
    };
    private readonly Flag<int?> _limit = new(
        FlagGroup.Output,
        "--limit",
        null,
        "n",
        "how many runs at most; 0 for all (default: 10)"
    )
    {
        Least = 0,
    };
    private readonly Flag<bool> _json = new(
        FlagGroup.Output,
        "--json",
        null,
        null,
        "one JSON object per line"
    );

    public RunsCommand()
        : base("runs", "the history of runs, latest first")
    {
        Add(_run);
        AddAll([_limit, _json], _project.Reading);
    }

    public override string Details =>
        "Reads the history that every connection of the target keeps: what ran, how it ended, what it changed, and "
        + "whether 'strata rollback' can still go back to it. Runs that found nothing to do are not listed. "
        + "The command works even while models do not compile.";

    public override ImmutableArray<CommandExample> Examples =>
        [
            new("strata runs", "the last ten runs"),
            new("strata runs 20261121T014500-3f9a", "the nodes of one run"),
            new("strata runs --limit 0 --json", "for programs: every run"),
        ];

    public override async Task<int> RunAsync(CommandContext context)
    {
        if (
            ProjectSession.Open(
                context,
                _project,
                out var exitCode,
                warns: ProjectWarnings.None,
                goesByState: true
            )
            is not { } project
        )
            return exitCode;
        await using var adapters = project.OpenAdapters(context);
        if (adapters is null)
            return ExitCode.CouldNotRun;
        if (project.ToRunRequest(context, _project, [], RunCommand.Build, adapters) is not { } request)
            return ExitCode.CouldNotRun;
        var diagnostics = new DiagnosticBag();
        var history = await ProjectHistory.ReadAsync(request, diagnostics, context.Cancellation);
        context.Diagnostics.Print(diagnostics.ToSorted());
        if (history is null)
            return ExitCode.CouldNotRun;
        return context.Get(_run) is { } id
            ? WriteOne(context, project, history, id)
            : WriteAll(context, project, history);
    }

    private int WriteAll(CommandContext context, ProjectSession project, ProjectHistory history)
    {
        var limit = context.Get(_limit) ?? DefaultLimit;
        var all = history.Runs;
        ImmutableArray<RunRecord> shown = [.. limit == 0 ? all : all.Take(limit)];
        var rows = shown.Select(run => RunRow.Of(run, history, project.Manifest)).ToList();
        if (context.Get(_json))
        {
            foreach (var row in rows)
                context.Out.WriteJsonLine(RunHistoryJson.Of(row));
            return ExitCode.Ok;
        }
        if (rows.Count == 0)
        {
            context.Remark("nothing has run on this target yet");
            return ExitCode.Ok;
        }
        RunHistoryTable.Write(context, rows, project.Manifest.TargetName);
        if (shown.Length < all.Length)
            context.Remark($"{Words.Number(all.Length - shown.Length)} more; --limit 0 shows all");
        return ExitCode.Ok;
    }

    private int WriteOne(CommandContext context, ProjectSession project, ProjectHistory history, string id)
    {
        var all = history.Runs;
        var exact = all.Where(run => run.RunId == id);
        var matches = (
            exact.Any()
                ? exact
                : all.Where(run => run.RunId.StartsWith(id, StringComparison.OrdinalIgnoreCase))
        ).ToList();
        if (matches is not [var run])
        {
            return context.Fail(
                matches.Count == 0
                    ? RollbackDiagnostics.UnknownRun(id, [.. all.Select(one => one.RunId)])
                    : RollbackDiagnostics.SeveralRuns(id, [.. matches.Select(one => one.RunId)])
            );
        }
        var row = RunRow.Of(run, history, project.Manifest);
        if (context.Get(_json))
        {
            foreach (var node in row.Nodes)
                context.Out.WriteJsonLine(RunHistoryJson.Of(node, project.Manifest));
            foreach (var failure in row.Failures)
                context.Out.WriteJsonLine(RunHistoryJson.Of(failure, project.Manifest));
            return ExitCode.Ok;
        }
        RunHistoryTable.WriteNodes(context, row, project.Manifest);
        return ExitCode.Ok;
    }
}
