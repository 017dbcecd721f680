using System.Collections.Immutable;
using Strata.Cli.CommandLine;
using Strata.Cli.Histories;
using Strata.Cli.Plans;
using Strata.Cli.Progress;
using Strata.Cli.Session;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;
using Strata.Runner.Execution.Auditing;
using Strata.Runner.Planning;

namespace Strata.Cli.Commands.Executing;

public sealed class TestCommand : ExecutingCommand
{
    private const int DefaultRuns = 20;

    private readonly Flag<bool> _explain = new(
        FlagGroup.Output,
        "--explain",
        null,
        null,
        "run nothing: show which tests share a scan, and why others do not"
    )
    {
        EnvironmentVariable = null,
    };
    private readonly Flag<bool> _history = new(
        FlagGroup.Output,
        "--history",
        null,
        null,
        "run nothing: show how the tests ended before"
    )
    {
        EnvironmentVariable = null,
    };
    private readonly Flag<bool> _verbose = new(
        FlagGroup.Output,
        "--verbose",
        null,
        null,
        "with --explain: the statements too"
    );
    private readonly Flag<int?> _runs = new(
        FlagGroup.Output,
        "--runs",
        null,
        "n",
        "with --history: how many runs (default: 20)"
    );

    public TestCommand()
        : base("test", "test what is published, and models on given rows", RunCommand.Test) =>
        AddAll([_explain, _verbose, _history, _runs]);

    protected override string WorksOn => "tests";

    public override string Details =>
        "Runs the tests of the selected nodes on the relations that readers see now. Nothing is built. A failing "
        + "test shows how many rows failed, some of them, and the query that finds them all.\n\n"
        + "Unit tests run, too: models on given rows, in memory. With 'test_type:unit' only they run.";

    public override ImmutableArray<CommandExample> Examples =>
        [
            new("strata test", "every test"),
            new("strata test -s orders", "the tests of one model"),
            new("strata test -s source:landing", "check the data that has arrived"),
            new("strata test -s test_type:unit", "only the unit tests, without a warehouse"),
            new("strata test -s orders --explain", "which tests share a scan, and why others do not"),
            new("strata test -s orders --history", "how they ended in the last runs"),
            new("strata test --report junit=tests.xml --report html=tests.html", "for CI, and for people"),
        ];

    protected override bool Executes(CommandContext context) =>
        !context.Get(_explain) && !context.Get(_history);

    protected override async Task<int?> TryInsteadAsync(
        CommandContext context,
        ProjectSession project,
        AdapterSet adapters,
        RunRequest request
    )
    {
        if (context.Get(_explain))
            return await ExplainAsync(context, request);
        return context.Get(_history) ? await ShowHistoryAsync(context, project, adapters, request) : null;
    }

    private async Task<int> ExplainAsync(CommandContext context, RunRequest request)
    {
        var (nodes, problems) = await CheckExplainer.ExplainAsync(request, context.Cancellation);
        context.Diagnostics.Print(problems);
        if (problems.Any(problem => problem.IsError))
            return ExitCode.CouldNotRun;
        if (IsJson(context))
            context.Out.WriteJsonLine(CheckExplanation.ToJson(nodes, context.Get(_verbose)));
        else
            CheckExplanation.Write(context.Out, context.OutPalette, nodes, context.Get(_verbose));
        return ExitCode.Ok;
    }

    private async Task<int> ShowHistoryAsync(
        CommandContext context,
        ProjectSession project,
        AdapterSet adapters,
        RunRequest request
    )
    {
        var runs = context.Get(_runs) ?? DefaultRuns;
        if (runs < 1)
            return context.Fail(CommandLineDiagnostics.InvalidValue("--runs", "must be 1 or more"));
        var tests = project
            .Manifest.Nodes.Values.Where(node => node is TestNode or UnitTestNode)
            .Where(test => request.Selected.Contains(test.UniqueId))
            .ToImmutableArray();
        var isComplete = true;
        var history = await TestHistories.ReadAsync(
            project,
            adapters,
            tests,
            runs,
            problem =>
            {
                isComplete = false;
                context.Diagnostics.Print(problem);
            },
            context.Cancellation
        );
        var view = new HistoryView(project.Manifest, tests, history);
        if (IsJson(context))
            context.Out.WriteJsonLine(view.ToJson());
        else if (!view.Write(context.Out, context.OutPalette, context.Terminal.Width) && isComplete)
            context.Remark("no results yet: 'strata build' and 'strata test' keep them");
        return isComplete ? ExitCode.Ok : ExitCode.CouldNotRun;
    }
}
