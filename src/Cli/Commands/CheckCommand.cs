using System.Collections.Immutable;
using Strata.Cli.CommandLine;
using Strata.Cli.Progress;
using Strata.Cli.Progress.Summaries;
using Strata.Cli.Session;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;
using Strata.Runner.Checking;
using Strata.Runner.Planning;

namespace Strata.Cli.Commands;

public sealed class CheckCommand : StrataCommand
{
    private readonly SelectionFlags _selection = new();
    private readonly ProjectFlags _project = new();
    private readonly Flag<bool> _json = new(
        FlagGroup.Output,
        "--json",
        null,
        null,
        "the result of each model, and every diagnostic, as one JSON document on stdout"
    );

    public CheckCommand()
        : base("check", "let the engine check models and tests without running them") =>
        AddAll(_selection.All, [_json, _project.LogStatements], _project.Reading);

    public override string Details =>
        "Binds the query of every selected model on an engine of its kind, over empty tables in place of what it reads. This finds columns, "
        + "functions and types that do not exist or do not fit, each at its line. Incremental models are bound in both forms. "
        + "Tests, contracts, and columns named in YAML and configuration are compared with the columns that the query returns. Nothing is "
        + "built, no hooks run, and no database file is opened: DuckDB models are bound in memory, Postgres models on the "
        + "target's server in a transaction that is rolled back.\n\n"
        + "Where the columns of its inputs are known only from a database or from files, a model is not checked, and a warning says why. "
        + "So declare the columns of sources.\n\n"
        + "The exit code is 1 when something is wrong, and 2 when nothing is wrong but a server that was needed is not available.";

    public override ImmutableArray<CommandExample> Examples =>
        [
            new("strata check", "everything, in seconds: before a run, and in CI"),
            new("strata check -s orders+", "a model, and everything that it could have broken"),
            new("strata check --exclude config.materialized:snapshot", "all but the snapshots"),
            new("strata check --json | jq '.models[] | select(.status != \"checked\")'", "for programs"),
        ];

    public override async Task<int> RunAsync(CommandContext context)
    {
        var startedAt = context.Host.Time.GetTimestamp();
        if (
            ProjectSession.Open(context, _project, out var exitCode, warns: ProjectWarnings.OfSelection)
            is not { } project
        )
            return exitCode;
        // what is only supposed of columns is said with certainty if they can be bound
        var supposed = project.Withhold(TestDiagnostics.SupposedColumn);
        if (project.Select(context, _selection, out exitCode) is not { } selected)
            return exitCode;
        await using var adapters = project.OpenAdapters(context, _project);
        if (
            adapters is null
            || project.ToRunRequest(context, _project, selected, RunCommand.Test, adapters) is not { } request
        )
            return ExitCode.CouldNotRun;
        if (!selected.Any(id => project.Manifest.Nodes[id] is ModelNode or TestNode))
        {
            project.WarnNothingSelected(context, _selection, !selected.IsEmpty, "models and tests");
            return ExitCode.Ok;
        }
        var report = await ProjectChecker.RunAsync(request, context.Cancellation);
        // a test that could not be bound may still be about a column that the query's words do not give
        var bound = report.Tests.Select(test => test.UniqueId).ToHashSet();
        var unbound = project
            .Manifest.Nodes.Values.OfType<TestNode>()
            .Where(test => selected.Contains(test.UniqueId) && !bound.Contains(test.UniqueId))
            .Select(test => test.Declaration)
            .ToHashSet();
        ImmutableArray<Diagnostic> all =
        [
            .. supposed.Where(one => one.Span is { } span && unbound.Contains(span)),
            .. report.Diagnostics,
        ];
        if (context.Get(_json))
            context.Out.WriteJsonLine(CheckSummary.ToJson(report, all));
        context.Diagnostics.Print([.. all.Where(one => one.IsError || !context.IsQuiet)]);
        await context.Error.FlushAsync();
        if (!context.Get(_json) && !context.IsQuiet)
            CheckSummary.Write(
                context.Out,
                report,
                all,
                context.Host.Time.GetElapsedTime(startedAt),
                context.Terminal.Width
            );
        return report.Diagnostics.Any(one => one.IsError && one.Code != CheckDiagnostics.LacksServer)
                ? ExitCode.ProjectFailed
            : report.LacksServer ? ExitCode.CouldNotRun
            : ExitCode.Ok;
    }
}
