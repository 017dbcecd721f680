using System.Collections.Immutable;
using Strata.Cli.CommandLine;
using Strata.Cli.Output;
using Strata.Cli.Plans;
using Strata.Cli.Progress;
using Strata.Cli.Session;
using Strata.Runner.Execution;
using Strata.Runner.Planning;

namespace Strata.Cli.Commands;

public sealed class PlanCommand : StrataCommand
{
    private readonly SelectionFlags _selection = new();
    private readonly ProjectFlags _project = new();
    private readonly RunFlags _run = new();
    private readonly Flag<bool> _json = new(
        FlagGroup.Output,
        "--json",
        null,
        null,
        "the plan as one JSON document"
    );
    private readonly Flag<bool> _all = new(
        FlagGroup.Output,
        "--all",
        "-a",
        null,
        "also show nodes that need nothing"
    );

    public PlanCommand()
        : base("plan", "what 'build' would do, and why") =>
        AddAll(_selection.All, [_run.FullRefresh, .. _run.EventTime, _json, _all], _project.Running);

    public override string Details =>
        "Compares the project with the state of its engines and prints what 'strata build' would do: the very "
        + "plan that it would execute. Nothing is changed.";

    public override ImmutableArray<CommandExample> Examples =>
        [
            new("strata plan", "what would run now, and why"),
            new("strata plan -s orders+ --full-refresh", "what a rebuild would touch"),
            new("strata plan --json", "for programs: every node with its action"),
        ];

    public override async Task<int> RunAsync(CommandContext context)
    {
        if (!EventTimeFlags.TryRead(context, _run, out var eventTime))
            return ExitCode.CouldNotRun;
        if (
            ProjectSession.Open(context, _project, out var exitCode, warns: ProjectWarnings.OfSelection)
            is not { } project
        )
            return exitCode;
        if (project.Select(context, _selection, out exitCode) is not { } selected)
            return exitCode;
        await using var adapters = project.OpenAdapters(context, _project);
        if (adapters is null)
            return ExitCode.CouldNotRun;
        if (project.ToRunRequest(context, _project, selected, RunCommand.Build, adapters) is not { } request)
            return ExitCode.CouldNotRun;
        request = request with { FullRefresh = context.Get(_run.FullRefresh), EventTime = eventTime };
        var result = await ProjectRunner.PlanAsync(request, context.Cancellation);
        context.Diagnostics.Print(result.Diagnostics);
        if (result.Plan is not { } plan)
            return ExitCode.CouldNotRun;
        if (context.Get(_json))
            context.Out.WriteJsonLine(RunPlanJson.Write(plan));
        else
        {
            WriteTable(context, project, plan, selected.Count > 0);
            WriteOrphans(context, result.Orphans);
        }
        return ExitCode.Ok;
    }

    private void WriteTable(CommandContext context, ProjectSession project, RunPlan plan, bool matches)
    {
        if (plan.Nodes.IsEmpty)
        {
            project.WarnNothingSelected(context, _selection, matches);
            return;
        }
        var busy = plan.Nodes.Where(node => node.Action is not PlannedAction.None).ToList();
        var shown = context.Get(_all) ? [.. plan.Nodes] : busy;
        if (shown.Count > 0)
        {
            var table = new TextTable(
                "node",
                "action",
                "why",
                "writer",
                new TextTable.Column("tests", IsRight: true)
            );
            foreach (var node in shown)
            {
                table.Add(
                    new TextTable.Cell(NodeWords.Title(node)),
                    new TextTable.Cell(
                        node.Action is PlannedAction.None ? "-" : NodeWords.Action(node),
                        node.Action is PlannedAction.None ? Tone.Quiet : Tone.Accent
                    ),
                    node.Reason,
                    new TextTable.Cell(node.Writer ?? "", Tone.Quiet),
                    node.Tests.Length + node.UnitTests.Length is > 0 and var tests ? Words.Number(tests) : ""
                );
            }
            table.Write(context.Out, context.OutPalette, context.Terminal.Width);
            context.Out.Write("\n");
            BatchTable.Write(context, busy);
        }
        context.Out.Write(Totals(plan, busy.Count) + "\n");
    }

    private static void WriteOrphans(CommandContext context, ImmutableArray<string> orphans)
    {
        const int most = 3;
        if (orphans.IsEmpty)
            return;
        var names = string.Join(", ", orphans.Take(most)) + (orphans.Length > most ? ", ..." : "");
        context.Remark(
            $"{Words.Count(orphans.Length, "relation")} {(orphans.Length == 1 ? "has" : "have")} no node any more ({names}): 'strata clean --orphans'"
        );
    }

    private static string Totals(RunPlan plan, int busy)
    {
        var fresh = plan.Nodes.Length - busy;
        var work =
            busy == 0
                ? "nothing to do"
                : string.Join(
                    ", ",
                    plan.Nodes.Where(node => node.Action is not PlannedAction.None)
                        .GroupBy(node => NodeWords.Action(node))
                        .OrderByDescending(group => group.Count())
                        .ThenBy(group => group.Key, StringComparer.Ordinal)
                        .Select(group => $"{Words.Number(group.Count())} {group.Key}")
                );
        return fresh == 0 ? work : $"{work}; {Words.Number(fresh)} fresh";
    }
}
