using System.Collections.Immutable;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;
using Strata.Runner.Adapters;
using Strata.Runner.Execution;
using Strata.Runner.Materializations;
using Strata.Runner.Planning;

namespace Strata.Runner.Proving;

/// <summary>
/// Tries whether an incremental model depends on how its rows arrive: replays it in memory with its inputs split,
/// shuffled, late and repeated, and compares every end with one full build over the same rows.
/// </summary>
public static class Prover
{
    private const int MostTries = 150;

    /// <param name="folder">A folder that does not exist yet, for landed files; removed at the end.</param>
    /// <exception cref="EngineException">A connection that the rows come from cannot be reached.</exception>
    public static async Task<ProofResult> ProveAsync(
        RunRequest request,
        ModelNode model,
        ProofOptions options,
        string folder,
        CancellationToken cancellationToken
    )
    {
        if (IncrementalBatch.StrategyOf(model.Config) == IncrementalStrategy.Microbatch)
            return NotProven(model, "its batches go by event time, and are not replayed yet");
        if (request.OpenEmbedded is not { } open)
            return NotProven(model, "there is no engine to replay it on");
        await using var scratch = await Scratch.OpenAsync(request, open, folder, cancellationToken);
        ImmutableArray<ProofInput> inputs;
        string? problem;
        try
        {
            (inputs, problem) = await new RowPool(request, model, options, scratch).LoadAsync(
                cancellationToken
            );
        }
        catch (NodeFailedException e)
        {
            return NotProven(model, "the rows that its unit test gives do not fit", e.Diagnostics[0]);
        }
        if (problem is not null)
            return NotProven(model, problem);
        return await new Proof(scratch, request.Manifest, model, inputs, options).RunAsync(cancellationToken);
    }

    internal static ProofResult NotProven(ModelNode model, string reason, Diagnostic? because = null) =>
        new()
        {
            Model = model,
            Status = ProofStatus.NotProven,
            Diagnostic = ProveDiagnostics.NotProven(model.Declaration, model.Name, reason, because),
        };

    /// <summary>The proof of one model whose rows are there.</summary>
    private sealed class Proof(
        Scratch scratch,
        ProjectManifest project,
        ModelNode model,
        ImmutableArray<ProofInput> inputs,
        ProofOptions options
    )
    {
        public async Task<ProofResult> RunAsync(CancellationToken cancellationToken)
        {
            var arriving = InArrivalOrder(inputs.Select((input, i) => input.Grows ? AllOf(input, i) : []));
            if (arriving.Length < 2)
                return NotProven(model, "what it reads has fewer than two rows");
            var before = inputs
                .SelectMany((input, i) => input.Grows ? [] : AllOf(input, i))
                .ToImmutableArray();
            ImmutableArray<SeedNode> seeds = [.. ScratchProject.InputsOf(project, model).OfType<SeedNode>()];
            var manifest = ScratchProject.Create(
                project,
                model,
                inputs,
                seeds,
                scratch.Folder,
                scratch.Adapter.Dialect.Engine
            );
            var ignored = model
                .Columns.Where(column => column.Volatile)
                .Select(column => new IgnoredColumn(column.Name, "volatile"))
                .ToImmutableArray();
            var all = new Schedule(ScheduleKind.AtOnce, [before.AddRange(arriving)]);
            var probe = Replay(manifest, ignored);
            if (await probe.DeliverAllAsync(all, cancellationToken) is { } failed)
                return NotProven(model, CannotBuild(), failed);
            var fromTheRun = await probe.FindRunDependentAsync(all, cancellationToken);
            ignored = ignored.AddRange(
                fromTheRun
                    .Where(name => ignored.All(one => one.Name != name))
                    .Select(name => new IgnoredColumn(name, "differs from one full build to the next"))
            );
            var replay = Replay(manifest, ignored);
            var done = ImmutableArray.CreateBuilder<string>();
            var maker = new ScheduleMaker(before, arriving, i => inputs[i].CanRepeat, options.Seed);
            foreach (var schedule in maker.Make(options.Schedules))
            {
                done.Add(schedule.Name);
                var outcome = await replay.RunAsync(schedule, cancellationToken);
                if (outcome.End != ReplayEnd.Same)
                    return await DiffersAsync(
                        replay,
                        schedule,
                        outcome,
                        Result(done, seeds, ignored),
                        cancellationToken
                    );
            }
            return Result(done, seeds, ignored);
        }

        private Replay Replay(ProjectManifest manifest, ImmutableArray<IgnoredColumn> ignored) =>
            new(
                scratch,
                manifest,
                (ModelNode)manifest.Nodes[model.UniqueId],
                inputs,
                [.. ignored.Select(column => column.Name)]
            );

        private ProofResult Result(
            ImmutableArray<string>.Builder done,
            ImmutableArray<SeedNode> seeds,
            ImmutableArray<IgnoredColumn> ignored
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
                        input.Grows
                    )),
                    .. seeds.Select(seed => new ProvedInput(seed.Name, 0, "its file", false)),
                ],
                Ignored = ignored,
                Remarks = Remarks(done),
            };

        private ImmutableArray<string> Remarks(ImmutableArray<string>.Builder done) =>
            IncrementalBatch.StrategyOf(model.Config) == IncrementalStrategy.Append
            && done.Contains(ScheduleWords.Of(ScheduleKind.Twice))
                ? ["rows that were delivered twice are there twice, as after a full build: append has no key"]
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
                        [.. ExampleText.Delivered(example), .. ExampleText.Of(failure)],
                        example.Cause
                    )
                    : ProveDiagnostics.Differs(
                        model.Declaration,
                        model.Name,
                        schedule.Name,
                        Tests.Engine.UnitTests.DifferenceTable.Summary(example.Differences),
                        [
                            .. ExampleText.Delivered(example),
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
                            batch.Where(one => one.Input == i).Select(one => (Batch: number + 1, one.Row))
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
                        [.. rows.Select((one, row) => (one.Batch, cells[row]))]
                    )
                );
            }
            return delivered.ToImmutable();
        }

        private string CannotBuild() =>
            model.Engine == scratch.Adapter.Dialect.Engine
                ? "a full build over its rows fails"
                : $"it is written for {model.Engine.ToString().ToLowerInvariant()} and cannot be built on {scratch.Adapter.Dialect.Name}";

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
}
