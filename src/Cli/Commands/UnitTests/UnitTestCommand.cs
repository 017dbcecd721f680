using System.Collections.Immutable;
using System.CommandLine;
using Strata.Cli.CommandLine;
using Strata.Cli.Commands.Executing;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;
using Strata.Runner.Planning;

namespace Strata.Cli.Commands.UnitTests;

public sealed class UnitTestCommand : ExecutingCommand
{
    private const string Run = "run";
    private const string Capture = "capture";

    private readonly Argument<string?> _action = new("action")
    {
        Arity = ArgumentArity.ZeroOrOne,
        Description = "run (the default), or capture to make a unit test from real rows",
    };
    private readonly Argument<string?> _model = new("model")
    {
        Arity = ArgumentArity.ZeroOrOne,
        Description = "with capture: the model to make a unit test for",
    };
    private readonly UnitTestCaptureFlags _capture = new();

    public UnitTestCommand()
        : base("unit-test", "run models on given rows, without a warehouse", RunCommand.Test)
    {
        Add(_action);
        Add(_model);
        AddAll(_capture.All);
    }

    public override string Details =>
        "Runs the unit tests of the selected models in memory: given rows take the place of what the model reads, and the "
        + "rows that its query returns are compared cell by cell. No connection is opened, except for models written for "
        + "Postgres, whose tests run on the target's server in a transaction that is rolled back.\n\n"
        + "'strata unit-test capture' takes a few real rows of what a model reads, masks the columns that are tagged "
        + "pii, and writes a unit test that passes: a YAML file beside the model and csv files in tests/fixtures. "
        + "Masks stay the same from one capture to the next if STRATA_MASK_KEY has the same secret.";

    public override ImmutableArray<CommandExample> Examples =>
        [
            new("strata unit-test", "every unit test"),
            new("strata unit-test -s orders", "those of one model"),
            new("strata unit-test capture orders --limit 5", "make one from five real rows"),
            new(
                "strata unit-test capture orders --where \"order_id = 7\" --name order_7",
                "from the row that was wrong"
            ),
        ];

    public override Task<int> RunAsync(CommandContext context)
    {
        var action = context.Get(_action) ?? Run;
        var model = context.Get(_model);
        if (action == Capture)
        {
            return model is null
                ? Task.FromResult(Fail(context, "name the model to capture rows for"))
                : new UnitTestCapture(context, Project, _capture).RunAsync(model);
        }
        if (action != Run)
            return Task.FromResult(
                Fail(
                    context,
                    $"'{action}' is neither run nor capture",
                    Suggestions.DidYouMean(action, [Run, Capture])
                        ?? $"to select: 'strata unit-test -s {action}'"
                )
            );
        return model is null
            ? base.RunAsync(context)
            : Task.FromResult(
                Fail(context, $"run takes no '{model}'", $"to select: 'strata unit-test -s {model}'")
            );
    }

    protected override ImmutableHashSet<string> Narrow(
        ProjectManifest manifest,
        ImmutableHashSet<string> selected
    ) => [.. selected.Where(id => manifest.Nodes[id] is UnitTestNode)];

    private static int Fail(CommandContext context, string problem, string? hint = null) =>
        context.Fail(CommandLineDiagnostics.InvalidValue("strata unit-test", problem, hint));
}
