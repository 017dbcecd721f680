using System.Collections.Immutable;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;
using Strata.Compiler.Manifest.Models;
using Strata.Runner.Materializations;
using Strata.Runner.Microbatches;
using Strata.Runner.Proving.Examples;
using Strata.Runner.Proving.Inputs;
using Strata.Runner.Proving.Replaying;
using Strata.Runner.Proving.Schedules;

namespace Strata.Runner.Proving;

/// <summary>The proof of one model whose rows are there.</summary>
internal sealed class Proof(
    Scratch scratch,
    ProjectManifest project,
    ModelNode model,
    ImmutableArray<ProofInput> inputs,
    ImmutableArray<string> leftOut,
    ProofOptions options
)
{
    private const int MostTries = 150;

    /// <summary>Every period is a batch, and every replay builds all of them twice.</summary>
    private const int MostPeriods = 8;

    public async Task<ProofResult> RunAsync(CancellationToken cancellationToken)
    {
        var arriving = InArrivalOrder(inputs.Select((input, i) => input.Grows ? AllOf(input, i) : []));
        var before = inputs.SelectMany((input, i) => input.Grows ? [] : AllOf(input, i)).ToImmutableArray();
        var periods = Periods(before, arriving);
        if ((periods?.Rows ?? arriving.Length) < 2)
            return Prover.NotProven(
                model,
                model.Config.Microbatch is null
                    ? "what it reads has fewer than two rows"
                    : "what it reads has fewer than two rows with an event time"
            );
        ImmutableArray<SeedNode> seeds =
        [
            .. ScratchProject
                .InputsOf(project, model)
                .OfType<SeedNode>()
                .Where(seed => inputs.All(input => input.Node != seed)),
        ];
        var manifest = ScratchProject.Create(
            project,
            model with
            {
                Config = model.Config with { Begin = periods?.Begin ?? model.Config.Begin },
            },
            inputs,
            seeds,
            scratch.Folder,
            scratch.Adapter.Dialect.Engine
        );
        var compared = ComparedRows.Of(model, scratch.Adapter.Dialect);
        var all =
            periods?.Schedules.AtOnce() ?? new Schedule(ScheduleKind.AtOnce, [before.AddRange(arriving)]);
        var probe = Replay(manifest, compared);
        if (await probe.DeliverAllAsync(all, cancellationToken) is { } failed)
            return Prover.NotProven(model, CannotBuild(), failed);
        var columns = await probe.ColumnsAsync(cancellationToken);
        var fromTheRun = await probe.FindRunDependentAsync(all, cancellationToken);
        compared = compared with
        {
            Ignored = compared
                .Ignored.RemoveAll(ignored => !columns.Any(ignored.Is))
                .AddRange(
                    fromTheRun
                        .Where(compared.Has)
                        .Select(name => new IgnoredColumn(name, "differs from one full build to the next"))
                ),
        };
        var replay = Replay(manifest, compared);
        var done = ImmutableArray.CreateBuilder<string>();
        var schedules =
            periods?.Schedules.Make(options.Schedules)
            ?? new ScheduleMaker(before, arriving, i => inputs[i].CanRepeat, Can, options.Seed).Make(
                options.Schedules
            );
        foreach (var schedule in schedules)
        {
            done.Add(schedule.Name);
            var outcome = await replay.RunAsync(schedule, cancellationToken);
            if (outcome.End == ReplayEnd.Undecided)
                return Prover.NotProven(
                    model,
                    "thousands of its rows differ in form but may mean the same (JSON, floats in lists)"
                );
            if (outcome.End != ReplayEnd.Same)
                return await DiffersAsync(
                    replay,
                    schedule,
                    outcome,
                    Result(done, seeds, compared),
                    cancellationToken
                );
        }
        return Result(done, seeds, compared);
    }

    private Replay Replay(ProjectManifest manifest, ComparedRows compared) =>
        new(scratch, manifest, (ModelNode)manifest.Nodes[model.UniqueId], inputs, compared);

    private ProofResult Result(
        ImmutableArray<string>.Builder done,
        ImmutableArray<SeedNode> seeds,
        ComparedRows compared
    ) =>
        new()
        {
            Model = model,
            Status = ProofStatus.Proven,
            Schedules = done.ToImmutable(),
            Inputs =
            [
                .. inputs.Select(input => new ProvedInput(
                    input.Name,
                    input.Count,
                    input.From,
                    input.Grows,
                    input.Unit
                )),
                .. seeds.Select(seed => new ProvedInput(seed.Name, 0, "its file", false)),
            ],
            Ignored = compared.Ignored,
            Remarks = Remarks(done, compared),
        };

    private ImmutableArray<string> Remarks(ImmutableArray<string>.Builder done, ComparedRows compared) =>
        compared.IsKept || compared.Where is not null
            ? ["only current versions are compared: a history cannot be rebuilt"]
        : model.Config.Microbatch is { } microbatch
            ?
            [
                $"rows that come later than the lookback reaches ({Words(microbatch)}) are not tried"
                    + (DividedInputs.Unfollowed(project, model).Any() ? ": no run would read them" : ""),
            ]
        : model.Config.Materialized == Materialization.Incremental
        && model.Config.Strategy == IncrementalStrategy.Append
        && done.Contains(ScheduleWords.Of(ScheduleKind.Twice))
            ? ["append has no key: rows that were delivered twice are there twice, as after a full build"]
        : [];

    private async Task<ProofResult> DiffersAsync(
        Replay replay,
        Schedule schedule,
        ReplayOutcome outcome,
        ProofResult result,
        CancellationToken cancellationToken
    )
    {
        var smallestOutcome = outcome;
        var shrinker = new Shrinker(
            candidate => candidate.Batches[0].Any(one => inputs[one.Input].Grows),
            async candidate =>
            {
                var tried = await replay.RunAsync(candidate, cancellationToken);
                if (!tried.IsLike(outcome))
                    return false;
                smallestOutcome = tried;
                return true;
            },
            MostTries
        );
        var smallest = await shrinker.ShrinkAsync(schedule);
        var example = new ProofExample(
            schedule.Name,
            smallest.Batches.Length,
            await DeliveredAsync(smallest, cancellationToken),
            [.. smallestOutcome.Columns.Select(column => column.Name)],
            smallestOutcome.Differences,
            UsualCause.Of(model, smallestOutcome, smallest, inputs)
        );
        return result with
        {
            Status = ProofStatus.Differs,
            Remarks = [],
            Example = example,
            Diagnostic = smallestOutcome.Failure is { } failure
                ? ProveDiagnostics.CannotReplay(
                    model.Declaration,
                    model.Name,
                    schedule.Name,
                    smallestOutcome.End == ReplayEnd.BatchFailed,
                    [.. ExampleText.Delivered(example, model), .. ExampleText.Of(failure)],
                    example.Cause
                )
                : ProveDiagnostics.Differs(
                    model.Declaration,
                    model.Name,
                    schedule.Name,
                    Tests.Engine.UnitTests.DifferenceTable.Summary(example.Differences),
                    [
                        .. ExampleText.Delivered(example, model),
                        .. ExampleText.Differences(example, model, smallestOutcome),
                    ],
                    example.Cause
                ),
        };
    }

    private async Task<ImmutableArray<DeliveredRows>> DeliveredAsync(
        Schedule schedule,
        CancellationToken cancellationToken
    )
    {
        var delivered = ImmutableArray.CreateBuilder<DeliveredRows>();
        for (var i = 0; i < inputs.Length; i++)
        {
            var rows = schedule
                .Batches.SelectMany(
                    (batch, number) =>
                        batch.Where(one => one.Input == i).Select(one => (Batch: number + 1, Row: one))
                )
                .ToImmutableArray();
            if (rows.IsEmpty)
                continue;
            var (columns, cells) = await inputs[i]
                .ReadAsync(scratch.Session, [.. rows.Select(one => one.Row)], cancellationToken);
            delivered.Add(
                new DeliveredRows(
                    inputs[i].Name,
                    columns,
                    [.. rows.Select((one, row) => (one.Batch, one.Row.Change, cells[row]))]
                )
            );
        }
        return delivered.ToImmutable();
    }

    private bool Can(Delivery one) =>
        inputs[one.Input].Can(one.Change, one.Row)
        && (
            one.Change != RowChange.Deleted
            || model.Config
                is not { Materialized: Materialization.Snapshot, Snapshot.HardDeletes: HardDeletes.Ignore }
        );

    /// <summary>Of a microbatch model: its rows by period, the last periods only; null for every other model.</summary>
    private (PeriodSchedules Schedules, DateTimeOffset Begin, int Rows)? Periods(
        ImmutableArray<Delivery> before,
        ImmutableArray<Delivery> arriving
    )
    {
        if (model.Config.Microbatch is not { } config)
            return null;
        var timed = arriving
            .Select(one => (Row: one, At: inputs[one.Input].EventTimeOf(one.Row)))
            .Where(one => one.At is not null)
            .Select(one => (one.Row, At: one.At ?? default))
            .ToList();
        if (timed.Count == 0)
            return (new PeriodSchedules(config, before, [], options.Seed), config.Begin, 0);
        var begin = timed
            .Select(one => Calendar.Floor(config.Size, one.At))
            .Distinct()
            .OrderDescending()
            .Take(MostPeriods)
            .Last();
        // far apart, they would have many empty periods between them
        var latest = Calendar.Add(
            config.Size,
            Calendar.Floor(config.Size, timed.Max(one => one.At)),
            1 - MostPeriods
        );
        begin = begin < latest ? latest : begin;
        var rows = timed.Where(one => one.At >= begin).ToImmutableArray();
        return (new PeriodSchedules(config, before, rows, options.Seed), begin, rows.Length);
    }

    private static string Words(MicrobatchConfig config) =>
        $"{config.Lookback} {config.Size.ToString().ToLowerInvariant()}{(config.Lookback == 1 ? "" : "s")}";

    private string CannotBuild() =>
        (
            model.Engine == scratch.Adapter.Dialect.Engine
                ? "a full build over its rows fails"
                : $"it is written for {model.Engine.ToString().ToLowerInvariant()} and cannot be built on {scratch.Adapter.Dialect.Name}"
        ) + (leftOut.IsEmpty ? "" : $" (without {string.Join("; ", leftOut)})");

    private static IEnumerable<Delivery> AllOf(ProofInput input, int i) =>
        Enumerable.Range(0, input.Count).Select(row => new Delivery(i, row));

    /// <summary>The rows of several inputs as if they had arrived side by side.</summary>
    private static ImmutableArray<Delivery> InArrivalOrder(IEnumerable<IEnumerable<Delivery>> each) =>
        [
            .. each.Select(rows => rows.ToList())
                .SelectMany(rows => rows.Select((row, i) => (Row: row, At: (i + 0.5) / rows.Count)))
                .OrderBy(one => one.At)
                .ThenBy(one => one.Row.Input)
                .Select(one => one.Row),
        ];
}
