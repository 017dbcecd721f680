using System.Collections.Immutable;
using System.Globalization;
using Strata.Compiler.Analysis.Rows;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;
using Strata.Compiler.Manifest.Models;
using Strata.Compiler.Manifest.Tests;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;
using Strata.Runner.Execution;
using Strata.Runner.Execution.Auditing;
using Strata.Runner.Feeds;
using Strata.Runner.Materializations;
using Strata.Runner.Planning;
using Strata.Runner.Quarantine.Replaying;
using Strata.Runner.Results;
using Strata.Tests.Engine.Verdicts;

namespace Strata.Runner.Quarantine.Splitting;

/// <summary>What was taken out of a stage, and how the expectations were judged by it.</summary>
internal sealed record Diversion(StagedQuarantine? Quarantine, ImmutableArray<TestResult> Tests)
{
    public ImmutableArray<Diagnostic> Diagnostics { get; init; } = [];
}

/// <summary>
/// Takes the rows that fail quarantine expectations out of a stage, before keys are settled and anybody reads it. A stage
/// without such rows costs one scan that all these expectations share, and another one where rows were corrected or dropped before.
/// </summary>
internal sealed class RowDiverter(
    RunContext context,
    Auditor auditor,
    NodeStatements statements,
    RuleBinder rules
)
{
    private readonly RowSplitter _splitter = new(statements, rules);
    private readonly SettledRows _settled = new(statements);
    private readonly RunDependentColumns _ofTheRun = new(
        context.Request.Manifest,
        SplitScript.LandingMarks,
        FeedTables.BatchColumn,
        context.Request.StartedAt
    );

    /// <param name="staged">The stage as the node's query filled it.</param>
    /// <param name="periods">The periods that the stage holds, where it does not hold all.</param>
    /// <param name="judged">True for rows that expectations are about; null for all.</param>
    /// <param name="replacedFiles">Landed files of which the stage holds the rows anew, or that are gone.</param>
    /// <exception cref="NodeFailedException">An expectation could not be evaluated, or too many rows fail it.</exception>
    public async Task<Diversion> DivertAsync(
        SessionPool.Lease lease,
        ConnectionRun on,
        PlannedNode planned,
        RelationNode node,
        StagedRelation staged,
        CancellationToken cancellationToken,
        PeriodRows? periods = null,
        string? judged = null,
        ImmutableArray<string> replacedFiles = default
    )
    {
        var table = QuarantineTable.Of(node.Relation, on.Dialect);
        var tests = TestsOf(planned, node);
        if (Replayed(planned, node) is not null && Find(on, table) is null)
            throw new NodeFailedException(QuarantineDiagnostics.NothingQuarantined(node.Name, on.Name));
        if (tests.IsEmpty && Find(on, table) is null)
            return new Diversion(null, []);
        var known = await FollowAsync(lease, on, node, staged.Columns, cancellationToken);
        var together = (
            planned.Action == PlannedAction.Incremental
                ? RowsTogether.Published(on, node, staged.Columns, replacedFiles)
                : RowsTogether.None(on.Dialect, node, staged.Columns)
        ).And(staged.Physical, staged.Columns, judged);
        var results = await auditor.RunAsync(
            on,
            tests,
            cancellationToken,
            RuleBinder.Instead(on, node, staged.Physical, staged.Columns, together, judged)
        );
        results =
        [
            .. results.Select(result =>
                result with
                {
                    BatchOnly = periods is not null || planned.Action != PlannedAction.Full,
                }
            ),
        ];
        if (results.Any(result => result.Status is TestStatus.Fail or TestStatus.Error))
            throw new NodeFailedException([]) { Tests = results };
        var quarantine = Begin(on, planned, node, known, staged.Columns);
        if (!replacedFiles.IsDefaultOrEmpty)
            quarantine = quarantine.Rereading(on.Dialect, replacedFiles);
        if (Replayed(planned, node) is { } replay)
        {
            var corrected = new CorrectedRows(statements);
            quarantine = quarantine with
            {
                KeepsUnused = periods is null,
                Replayed = await corrected.StageAsync(
                    lease,
                    on,
                    node,
                    known,
                    replay,
                    [RowStatus.Open, RowStatus.Replayed],
                    cancellationToken
                ),
            };
        }
        var stage = new SplitStage(
            on,
            node,
            staged,
            _ofTheRun.Of(node),
            tests,
            quarantine,
            periods,
            together,
            await rules.OfferAsync(lease, on, tests, cancellationToken),
            judged
        );
        var settled = await _settled.StageAsync(lease, stage, cancellationToken);
        // a fail_calc of the project's own may be 0 though rows fail
        if (
            results.All(r => r.Failures == 0 && r.Test.Config.FailCalc == new TestConfig().FailCalc)
            && !await _splitter.HasSettledAsync(lease, stage, settled, cancellationToken)
        )
            return new Diversion(quarantine, results)
            {
                Diagnostics = await UnusedAsync(lease, stage, false, cancellationToken),
            };

        var split = await _splitter.SplitAsync(lease, stage, settled, cancellationToken);
        var (counts, entered) = (split.Outcomes, split.Entered);
        var replayed = counts.Where(count => count.Status == RowStatus.Replayed).Sum(count => count.Rows);
        return new Diversion(
            quarantine with
            {
                Diverted = on.Names.Diverted(node.Relation),
                Rows = counts.Where(count => count.Status != RowStatus.Replayed).Sum(count => count.Rows),
                Dropped = counts.Where(count => count.Status == RowStatus.Dropped).Sum(count => count.Rows),
                Reentered = entered,
                MovedOut = replayed - entered,
                OfTheRun = _splitter.Refreshed(stage),
            },
            WithStrangers(stage, split, [.. results.Select(result => Judge(node, table, result, counts))])
        )
        {
            Diagnostics =
            [
                .. split is { Unmet: > 0, Doubtful: > 0 }
                    ?
                    [
                        QuarantineDiagnostics.NotMetAgain(
                            node.Declaration,
                            node.Name,
                            split.Unmet,
                            split.Doubtful,
                            theyPass: true,
                            arePlaced: SplitScript.HasPositions(staged)
                        ),
                    ]
                    : ImmutableArray<Diagnostic>.Empty,
                .. await UnusedAsync(lease, stage, true, cancellationToken),
            ],
        };
    }

    private async Task<ImmutableArray<Diagnostic>> UnusedAsync(
        SessionPool.Lease lease,
        SplitStage stage,
        bool isSplit,
        CancellationToken cancellationToken
    )
    {
        var unused = await _splitter.CountUnusedAsync(lease, stage, isSplit, cancellationToken);
        return unused > 0
            ? [QuarantineDiagnostics.NotUsed(stage.Node.Declaration, stage.Node.Name, unused)]
            : [];
    }

    /// <summary>Where rows that were settled are gone and others fail, they may be the same ones: somebody's work would be lost in silence.</summary>
    private static ImmutableArray<TestResult> WithStrangers(
        SplitStage stage,
        SplitOutcome split,
        ImmutableArray<TestResult> results
    )
    {
        if (split is not { Unmet: > 0, Unknown: > 0 })
            return results;
        var place = results.ToList().FindIndex(result => result.Status == TestStatus.Warn);
        if (place < 0)
            return results;
        var result = results[place];
        var warning = QuarantineDiagnostics.NotMetAgain(
            result.Test.Declaration,
            stage.Node.Name,
            split.Unmet,
            split.Unknown,
            theyPass: false,
            arePlaced: SplitScript.HasPositions(stage.Rows)
        );
        return results.SetItem(place, result with { Diagnostics = [.. result.Diagnostics, warning] });
    }

    /// <summary>The expectations that divert rows of a node.</summary>
    public static ImmutableArray<TestNode> TestsOf(PlannedNode planned, RelationNode node) =>
        [.. planned.Tests.Where(test => Diverts(test, node.UniqueId))];

    public static bool Diverts(TestNode test, string nodeId) =>
        test.Config.Severity == TestSeverity.Quarantine && test.AttachedNode == nodeId;

    /// <summary>What publishing will do to the quarantine, as far as it is known before rows are looked at.</summary>
    public StagedQuarantine Begin(
        ConnectionRun on,
        PlannedNode planned,
        RelationNode node,
        RelationInfo? known,
        ImmutableArray<ColumnSchema> columns
    )
    {
        var config = (node as ModelNode)?.Config;
        var batchId = context.NextBatchOf(node.UniqueId);
        var merges =
            config is { Materialized: Materialization.Incremental }
            && config.Strategy == IncrementalStrategy.Merge;
        return new StagedQuarantine(
            QuarantineTable.Of(node.Relation, on.Dialect),
            known is null ? [] : [.. known.Columns.Where(column => !QuarantineTable.IsOwn(column.Name))]
        )
        {
            BatchId = batchId,
            Occasion = new SplitOccasion(node.UniqueId, context.Plan.RunId, batchId, context.Now),
            Shape = columns,
            Rereads =
                planned.Action == PlannedAction.Full && config?.Microbatch is null
                    ? StagedQuarantine.All
                    : null,
            KeysCompete = merges,
            Sequence = config?.SequenceBy is { } sequence ? columns.Find(sequence)?.Name : null,
        };
    }

    /// <summary>The quarantine table; null if there is none, or if the table of that name is something else.</summary>
    private static RelationInfo? Find(ConnectionRun on, RelationName table) =>
        on.Find(table) is { } found && found.Columns.Any(column => column.Name == QuarantineTable.Print)
            ? found
            : null;

    private ReplayRequest? Replayed(PlannedNode planned, RelationNode node) =>
        context.Request.Replay is { } replay
        && replay.NodeId == node.UniqueId
        && planned.Action == PlannedAction.Full
            ? replay
            : null;

    /// <summary>
    /// The quarantine table with the columns that rows have now. Columns are added before anything is published: that
    /// harms nobody, and corrected rows can be read in today's shape.
    /// </summary>
    private async Task<RelationInfo?> FollowAsync(
        SessionPool.Lease lease,
        ConnectionRun on,
        RelationNode node,
        ImmutableArray<ColumnSchema> columns,
        CancellationToken cancellationToken
    )
    {
        if (Find(on, QuarantineTable.Of(node.Relation, on.Dialect)) is not { } known)
            return null;
        var steps = QuarantineTable.Follow(on.Dialect, known, columns).ToList();
        foreach (var sql in steps)
        {
            var statement = new ModelStatement(sql)
            {
                Subject = $"the quarantine of '{node.Name}'",
                DataHint =
                    $"a column of '{node.Name}' has another type now, and a quarantined row has a value that does not fit it: correct the value in {known.Name}, "
                    + $"or drop it while it is open ('strata quarantine drop {node.Name}')",
            };
            await statements.RunAsync(lease, node, statement, cancellationToken);
        }
        var gone = known.Columns.Where(old => columns.All(column => column.Name != old.Name));
        known = known with { Columns = [.. columns, .. gone] };
        // the next batch of the run finds it so
        if (steps.Count > 0)
            on.SetPublished(known, known.Name);
        return known;
    }

    /// <summary>The verdict that counts: what is still rejected once corrected rows have taken their places.</summary>
    private static TestResult Judge(
        RelationNode node,
        RelationName table,
        TestResult result,
        ImmutableArray<RowOutcome> counts
    )
    {
        var rows = counts
            .Where(count => count.Status == RowStatus.Open && count.Reasons.Contains(result.Test.Name))
            .Sum(count => count.Rows);
        var judged = result with
        {
            Failures = rows,
            // the rows that were looked at are gone with the stage
            FailingRowsSql = null,
            // some that failed may stand corrected by now
            Samples = rows == result.Failures ? result.Samples : null,
            StoredIn = rows > 0 ? table.ToString() : null,
        };
        if (result.Status != TestStatus.Warn)
            return judged;
        return rows == 0
            ? judged with
            {
                Status = TestStatus.Pass,
                Diagnostics = [],
            }
            : judged with
            {
                Diagnostics = [QuarantineDiagnostics.Diverted(result.Test, node.Name, Share(judged))],
            };
    }

    /// <summary>How many rows a test diverted and, where it is known, of how many.</summary>
    public static string Share(TestResult result) =>
        (result.Failures ?? 0, result.Checked) switch
        {
            (var rows, { } all) when rows <= all => Shares.Of(rows, all),
            (1, _) => "1 row",
            var (rows, _) => $"{rows.ToString("N0", CultureInfo.InvariantCulture)} rows",
        };
}
