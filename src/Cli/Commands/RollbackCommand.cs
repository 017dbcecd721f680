using System.Collections.Immutable;
using System.Text.Json;
using Strata.Cli.CommandLine;
using Strata.Cli.Output;
using Strata.Cli.Session;
using Strata.Runner.Planning;
using Strata.Runner.Rollback;
using Strata.Runner.Runs;

namespace Strata.Cli.Commands;

public sealed class RollbackCommand : StrataCommand
{
    private const string WithoutProject =
        "\nnothing was rolled back: a rollback needs the compiled project, which says which connection goes back first, whose rows and baselines\n"
        + "they are, and which landed files are gone. Set your changes aside ('git stash', or check out the commit that was built last), roll back,\n"
        + "and restore them. 'strata runs' works meanwhile.\n";

    private readonly SelectionFlags _selection = new();
    private readonly ProjectFlags _project = new();
    private readonly Flag<string?> _to = new(
        FlagGroup.Running,
        "--to",
        null,
        "run",
        "the run to go back to: an id, its beginning, 'previous', or 'last-success'"
    )
    {
        EnvironmentVariable = null,
        Required = true,
    };
    private readonly Flag<bool> _dryRun = new(
        FlagGroup.Running,
        "--dry-run",
        null,
        null,
        "only show what would be rolled back"
    );
    private readonly WaitFlag _wait = new();
    private readonly Flag<bool> _json = new(
        FlagGroup.Output,
        "--json",
        null,
        null,
        "what is rolled back, as one JSON document"
    );

    public RollbackCommand()
        : base("rollback", "bring relations back to how an earlier run left them") =>
        AddAll([_to, _dryRun, _wait.Flag], _selection.All, [_json, _project.LogStatements], _project.Reading);

    public override string Details =>
        "Restores rows, view definitions and state as they were at the end of a run, on each connection in one "
        + "transaction, so that readers see either all of it or nothing. Files and changes that were taken in since are new again, and "
        + "the next 'strata build' goes on from there. 'retention' in strata.yml sets how far back you can go.";

    public override ImmutableArray<CommandExample> Examples =>
        [
            new("strata rollback --to previous --dry-run", "what undoing the last run would change"),
            new("strata rollback --to last-success", "to the newest run before it that succeeded as a whole"),
            new("strata rollback --to 20261121T014500-3f9a", "go back to where that run ended"),
            new("strata rollback --to previous -s path:models/gold", "only one layer"),
        ];

    public override Task<int> RunAsync(CommandContext context) =>
        LockWait.RunAsync(context, _wait, wait => RunAsync(context, wait));

    private async Task<int> RunAsync(CommandContext context, LockWait wait)
    {
        if (
            ProjectSession.Open(context, _project, out var exitCode, warns: ProjectWarnings.None)
            is not { } project
        )
        {
            if (exitCode == ExitCode.ProjectFailed)
                context.Error.Write(WithoutProject);
            return exitCode;
        }
        ImmutableHashSet<string>? nodes = null;
        if (_selection.IsGiven(context))
        {
            nodes = project.Select(context, _selection, out exitCode);
            if (nodes is null)
                return exitCode;
        }
        await using var adapters = project.OpenAdapters(context, _project, isRun: true);
        if (adapters is null)
            return ExitCode.CouldNotRun;
        if (project.ToRunRequest(context, _project, [], RunCommand.Build, adapters) is not { } run)
            return ExitCode.CouldNotRun;
        var result = await RollbackRunner.RunAsync(
            new RollbackRequest(run, context.Get(_to) ?? "", nodes) { DryRun = context.Get(_dryRun) },
            context.Cancellation
        );
        if (result.Plan is null && wait.PutsOff(project, result.Diagnostics))
            return ExitCode.CouldNotRun;
        if (result.Plan is { } plan)
        {
            if (context.Get(_json))
                context.Out.WriteJsonLine(Json(result, plan, context.Get(_dryRun)));
            else
                WriteTable(context, project, result, plan);
            await context.Out.FlushAsync();
        }
        context.Diagnostics.Print(result.Diagnostics);
        return result.IsSuccess ? ExitCode.Ok : ExitCode.CouldNotRun;
    }

    private void WriteTable(
        CommandContext context,
        ProjectSession project,
        RollbackResult result,
        RollbackPlan plan
    )
    {
        if (plan.IsEmpty)
        {
            context.Out.Write($"nothing to roll back: everything is as run {Shown(plan.To)} left it\n");
            return;
        }
        var table = new TextTable(
            "node",
            "connection",
            new TextTable.Column("runs", IsRight: true),
            new TextTable.Column("rows now", IsRight: true),
            new TextTable.Column("rows then", IsRight: true)
        );
        foreach (var connection in plan.Connections)
        {
            foreach (var node in connection.Nodes)
            {
                table.Add(
                    ProjectHistory.NameOf(project.Manifest, node.Node),
                    new TextTable.Cell(connection.Connection, Tone.Quiet),
                    Words.Number(node.Steps.Select(step => step.RunId).Distinct().Count()),
                    Rows(node.RowsNow),
                    node.After is not null ? Rows(node.RowsThen)
                        : !node.IsDropped ? "not there"
                        : result.Done.Contains(connection.Connection) ? "none, dropped"
                        : "none, will be dropped"
                );
            }
        }
        table.Write(context.Out, context.OutPalette, context.Terminal.Width);
        var count = plan
            .Connections.Where(c => context.Get(_dryRun) || result.Done.Contains(c.Connection))
            .Sum(c => c.Nodes.Length);
        if (count == 0)
            return;
        var verb = context.Get(_dryRun) ? "would go back" : "rolled back";
        context.Out.Write($"\n{Words.Count(count, "node")} {verb} to run {Shown(plan.To)}\n");
    }

    private static string Shown(RunRecord run) =>
        run.Outcome == RunOutcome.Succeeded ? run.RunId : $"{run.RunId} ({run.Outcome})";

    private static string Rows(long? rows) => rows is { } count ? Words.Number(count) : "";

    private static string Json(RollbackResult result, RollbackPlan plan, bool isDryRun) =>
        JsonLine.Write(json =>
        {
            json.WriteString("to", plan.To.RunId);
            json.WriteString("to_outcome", plan.To.Outcome);
            json.WriteBoolean("dry_run", isDryRun);
            if (!isDryRun)
                json.WriteString("run_id", result.RunId);
            json.WriteStartArray("connections");
            foreach (var connection in plan.Connections)
            {
                json.WriteStartObject();
                json.WriteString("connection", connection.Connection);
                json.WriteBoolean("done", result.Done.Contains(connection.Connection));
                json.WriteStartArray("nodes");
                foreach (var node in connection.Nodes)
                    Write(json, node);
                json.WriteEndArray();
                json.WriteEndObject();
            }
            json.WriteEndArray();
        });

    private static void Write(Utf8JsonWriter json, NodeRollback node)
    {
        json.WriteStartObject();
        json.WriteString("unique_id", node.Node);
        json.WriteStartArray("undoes");
        foreach (var run in node.Steps.Select(step => step.RunId).Distinct())
            json.WriteStringValue(run);
        json.WriteEndArray();
        Number(json, "rows_now", node.RowsNow);
        Number(json, "rows_then", node.RowsThen);
        json.WriteBoolean("existed", node.After is not null);
        json.WriteEndObject();
    }

    private static void Number(Utf8JsonWriter json, string name, long? number)
    {
        if (number is { } value)
            json.WriteNumber(name, value);
        else
            json.WriteNull(name);
    }
}
