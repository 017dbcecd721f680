using System.Collections.Immutable;
using Strata.Cli.CommandLine;
using Strata.Cli.Histories;
using Strata.Cli.Progress;
using Strata.Cli.Progress.Summaries;
using Strata.Cli.Session;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;
using Strata.Runner.Planning;
using Strata.Runner.SourceFreshness;

namespace Strata.Cli.Commands;

public sealed class SourceFreshnessCommand : StrataCommand
{
    private const int DefaultRuns = 20;

    private readonly SelectionFlags _selection = new();
    private readonly ProjectFlags _project = new();
    private readonly Flag<string?> _output = new(
        FlagGroup.Output,
        "--output",
        "-o",
        "file",
        "where the artifact goes (default: sources.json beside the others)"
    )
    {
        EnvironmentVariable = null,
    };
    private readonly Flag<bool> _json = new(
        FlagGroup.Output,
        "--json",
        null,
        null,
        "the results as one JSON document on stdout"
    );
    private readonly Flag<bool> _history = new(
        FlagGroup.Output,
        "--history",
        null,
        null,
        "query nothing: show how old the sources were before"
    )
    {
        EnvironmentVariable = null,
    };
    private readonly Flag<int?> _runs = new(
        FlagGroup.Output,
        "--runs",
        null,
        "n",
        "with --history: how many runs (default: 20)"
    );

    public SourceFreshnessCommand()
        : base("freshness", "how old the newest row of each source is")
    {
        AddAll(_selection.All, [_json, _output, _history, _runs], _project.Running);
    }

    public override string Details =>
        "Finds the newest row of each selected source that has 'freshness:', and compares its "
        + "age with warn_after and error_after. For files without a loaded_at_field, the newest file counts. The command "
        + "takes no lock, so it can run beside a build on Postgres. Only one process at a time can open a DuckDB file: during a "
        + "build that has it open, sources of landed files go by the files that are there, and other sources of it fail.\n\n"
        + "It fails (exit code 1) when a source is older than error_after, has no rows, or cannot be queried. The results "
        + "are written in the form of dbt's sources.json and kept in the history of the source's connection.";

    public override ImmutableArray<CommandExample> Examples =>
        [
            new("strata source freshness", "every source that has a limit"),
            new("strata source freshness -s source:landing", "one source"),
            new("strata source freshness -s +daily_sales", "what daily_sales is made of"),
            new(
                "strata source freshness --json | jq '.results[] | select(.status != \"pass\")'",
                "for programs"
            ),
            new("strata source freshness --history", "how old they were before"),
        ];

    public override async Task<int> RunAsync(CommandContext context)
    {
        var runs = context.Get(_runs) ?? DefaultRuns;
        if (runs < 1)
            return context.Fail(CommandLineDiagnostics.InvalidValue("--runs", "must be 1 or more"));
        if (
            ProjectSession.Open(context, _project, out var exitCode, warns: ProjectWarnings.None)
            is not { } project
        )
            return exitCode;
        if (project.Select(context, _selection, out exitCode) is not { } selected)
            return exitCode;
        await using var adapters = project.OpenAdapters(context, _project, isRun: true);
        if (adapters is null)
            return ExitCode.CouldNotRun;
        if (project.ToRunRequest(context, _project, selected, RunCommand.Test, adapters) is not { } request)
            return ExitCode.CouldNotRun;
        ImmutableArray<SourceNode> sources = [.. FreshnessRunner.Sources(request)];
        if (sources.IsEmpty)
            context.Remark(
                selected.Any(id => project.Manifest.Nodes[id] is SourceNode)
                    ? "no selected source has 'freshness:'"
                    : "no source is selected"
            );
        if (context.Get(_history))
            return await ShowHistoryAsync(context, adapters, sources, runs);

        var report = await FreshnessRunner.RunAsync(request, context.Cancellation);
        if (context.Get(_json))
            context.Out.WriteJsonLine(FreshnessTable.ToJson(report));
        else if (!context.IsQuiet && !report.Results.IsEmpty)
            FreshnessTable.Write(context.Out, context.OutPalette, context.Terminal.Width, report);
        await context.Out.FlushAsync();
        var problems = report
            .Results.Select(result => result.Diagnostic)
            .OfType<Diagnostic>()
            .Concat(report.Problems)
            .Distinct()
            .Where(problem => problem.IsError || !context.IsQuiet)
            .ToImmutableArray();
        if (!problems.IsEmpty && !report.Results.IsEmpty && !context.IsQuiet)
            context.Error.Write("\n");
        context.Diagnostics.Print(problems);
        var typed = context.Get(_output);
        if (!project.TryWriteSources(context, report, typed is null ? null : context.FullPath(typed)))
            return ExitCode.CouldNotRun;
        return report.IsSuccess ? ExitCode.Ok : ExitCode.ProjectFailed;
    }

    private async Task<int> ShowHistoryAsync(
        CommandContext context,
        AdapterSet adapters,
        ImmutableArray<SourceNode> sources,
        int runs
    )
    {
        var isComplete = true;
        var history = await TestHistories.ReadAsync(
            adapters,
            sources.Select(source => (source.Connection, FreshnessResult.HistoryIdOf(source))),
            runs,
            problem =>
            {
                isComplete = false;
                context.Diagnostics.Print(problem);
            },
            context.Cancellation
        );
        if (context.Get(_json))
            context.Out.WriteJsonLine(FreshnessHistory.ToJson(sources, history));
        else if (
            !FreshnessHistory.Write(context.Out, context.OutPalette, context.Terminal.Width, sources, history)
            && isComplete
            && !sources.IsEmpty
        )
            context.Remark("no results yet: 'strata source freshness' keeps them");
        return isComplete ? ExitCode.Ok : ExitCode.CouldNotRun;
    }
}
