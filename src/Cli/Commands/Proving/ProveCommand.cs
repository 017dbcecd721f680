using System.Collections.Immutable;
using System.CommandLine;
using Strata.Cli.CommandLine;
using Strata.Cli.Session;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;
using Strata.Compiler.Manifest.Models;
using Strata.Runner.Adapters;
using Strata.Runner.Adapters.Errors;
using Strata.Runner.Planning;
using Strata.Runner.Proving;

namespace Strata.Cli.Commands.Proving;

public sealed class ProveCommand : StrataCommand
{
    private readonly Argument<string?> _model = new("model")
    {
        Arity = ArgumentArity.ZeroOrOne,
        Description = "the model to prove (default: every incremental and cdc model, every snapshot)",
    };
    private readonly ProveFlags _own = new();
    private readonly ProjectFlags _project = new();

    public ProveCommand()
        : base("prove", "test whether incremental models depend on how rows arrive")
    {
        Add(_model);
        AddAll(_own.All, [_project.LogStatements], _project.Writing);
    }

    public override string Details =>
        "Replays incremental models, cdc models and snapshots in memory, with rows that come in batches, late, shuffled, twice, one by one, "
        + "replaced or deleted, and compares each result with one full build over the same rows. If they differ, it prints the "
        + "fewest rows that still show the difference, and the usual cause. Rows come from the relations as they are built, from "
        + "landed files, or else from the model's unit tests; nothing is written to any connection. Volatile columns "
        + "are not compared.\n\n"
        + "The exit code is 1 when a difference was found, and 2 when no model could be replayed.";

    public override ImmutableArray<CommandExample> Examples =>
        [
            new("strata prove", "every incremental and cdc model, every snapshot"),
            new("strata prove orders --rows 200 --seed 7", "one model, other shuffles"),
            new("strata prove orders --fixture late_orders", "on the rows that a unit test gives"),
        ];

    public override async Task<int> RunAsync(CommandContext context)
    {
        if (Read(context) is not { } options)
            return ExitCode.CouldNotRun;
        if (ProjectSession.Open(context, _project, out var exitCode) is not { } project)
            return exitCode;
        if (Models(context, project.Manifest) is not { } models)
            return ExitCode.CouldNotRun;
        await using var adapters = project.OpenAdapters(context, _project);
        if (
            adapters is null
            || project.ToRunRequest(context, _project, [], RunCommand.Build, adapters) is not { } request
        )
            return ExitCode.CouldNotRun;
        var report = new ProveReport(context, options, context.Get(_own.Json));
        foreach (var model in models)
        {
            var folder = Path.Combine(
                ProjectSession.ArtifactFolderOf(context, _project),
                $"prove_{RunId.ToIdentifier(RunId.Create(project.StartedAt))}"
            );
            try
            {
                report.Add(await Prover.ProveAsync(request, model, options, folder, context.Cancellation));
            }
            catch (EngineException e)
            {
                return context.Fail(
                    e.Error.ToDiagnostic(
                        adapters.Adapters[model.Connection].Dialect.Name,
                        $"reading the inputs of model '{model.Name}'",
                        model.Declaration
                    )
                );
            }
        }
        report.Summarize();
        return report.HasDifference ? ExitCode.ProjectFailed
            : report.IsInVain ? ExitCode.CouldNotRun
            : ExitCode.Ok;
    }

    private ProofOptions? Read(CommandContext context)
    {
        var options = new ProofOptions
        {
            Seed = context.Get(_own.Seed) ?? 1,
            Rows = context.Get(_own.Rows) ?? ProofOptions.DefaultRows,
            Schedules = context.Get(_own.Schedules),
            Fixture = context.Get(_own.Fixture),
        };
        if (options.Rows < 2)
            return Refuse("--rows", "must be 2 or more");
        if (options.Schedules < 1)
            return Refuse("--schedules", "must be 1 or more");
        if (options.Fixture is not null && context.Get(_model) is null)
            return Refuse("--fixture", "name the model that the unit test is for");
        return options;

        ProofOptions? Refuse(string flag, string problem)
        {
            context.Fail(CommandLineDiagnostics.InvalidValue(flag, problem));
            return null;
        }
    }

    private ImmutableArray<ModelNode>? Models(CommandContext context, ProjectManifest manifest)
    {
        var models = manifest
            .Graph.Sorted.Select(id => manifest.Nodes[id])
            .OfType<ModelNode>()
            .ToImmutableArray();
        if (context.Get(_model) is not { } name)
        {
            var growing = models.RemoveAll(model => !IsIncremental(model));
            if (growing.IsEmpty)
                context.Remark(
                    "the project has no incremental or cdc models and no snapshots: there is nothing to prove"
                );
            return growing;
        }
        if (NodeNames.Find(models, name) is not { } found)
        {
            context.Fail(NodeNames.Unknown(models, name));
            return null;
        }
        if (IsIncremental(found))
            return [found];
        context.Fail(ProveDiagnostics.NotIncremental(found.Declaration, name));
        return null;
    }

    private static bool IsIncremental(ModelNode model) =>
        model.Config.Materialized
            is Materialization.Incremental
                or Materialization.Cdc
                or Materialization.Snapshot;
}
