using System.Collections.Immutable;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;
using Strata.Compiler.Text;
using Strata.Runner.Adapters;
using Strata.Runner.Materializations;
using Strata.Runner.Results;
using Strata.Tests.Engine.Planning;
using Strata.Tests.Engine.Verdicts;

namespace Strata.Runner.Execution;

/// <summary>
/// Runs tests on what readers would see: the post-image of a staged node, else the published relation. Checks
/// share scans; a shared query that fails is taken apart, so that one bad test does not hide the others.
/// </summary>
internal sealed class Auditor(RunContext context, RelationBinder binder)
{
    private int SampleRows => context.Manifest.TestResults.Samples;

    public async Task<ImmutableArray<TestResult>> RunAsync(
        ConnectionRun on,
        ImmutableArray<TestNode> tests,
        CancellationToken cancellationToken
    )
    {
        if (tests.IsEmpty)
            return [];
        var results = new Dictionary<string, TestResult>();
        await using var lease = await on.Sessions.RentAsync(cancellationToken);
        try
        {
            // rows that were not touched passed before: only tests that did so may look at the batch alone
            foreach (var some in tests.GroupBy(HasPassedBefore))
            {
                var plan = CheckPlanner.Plan(Request(on, [.. some], some.Key));
                foreach (var rejected in plan.Rejected)
                    results[rejected.Test.UniqueId] = Failed(rejected.Test, rejected.Diagnostics);
                foreach (var query in plan.Queries)
                {
                    foreach (var result in await MeasureAsync(lease, on, query, cancellationToken))
                        results[result.Test.UniqueId] = result;
                }
            }
        }
        catch (OperationCanceledException)
        {
            lease.IsBroken = true;
            throw;
        }
        return [.. tests.Select(test => results[test.UniqueId])];
    }

    private bool HasPassedBefore(TestNode test) =>
        context.States.StateOf(test.UniqueId) is { Rows: 0 } state && state.Fingerprint == test.Fingerprint;

    private CheckRequest Request(ConnectionRun on, ImmutableArray<TestNode> tests, bool passedBefore) =>
        new()
        {
            Tests = tests,
            Dialect = on.Dialect,
            FusedChecksAreCheaper = on.Capabilities.FusedChecksAreCheaper,
            Now = context.Plan.StartedAt,
            Resolve = id => Resolve(on, id),
            Batches = passedBefore ? Batches(on, tests) : ImmutableDictionary<string, CheckRelation>.Empty,
        };

    private ImmutableDictionary<string, CheckRelation> Batches(
        ConnectionRun on,
        ImmutableArray<TestNode> tests
    )
    {
        var batches = ImmutableDictionary.CreateBuilder<string, CheckRelation>();
        foreach (var id in tests.Select(test => test.AttachedNode).OfType<string>().Distinct())
        {
            if (context.Staged.GetValueOrDefault(id) is not { Batch: { } batch } staged)
                continue;
            // a batch that lacks columns of the target cannot stand for it
            if (batch.Columns.Filled.Length == batch.Columns.After.Length)
                batches[id] = Relation(
                    on,
                    staged.Relation.Physical,
                    staged.Relation.Published.Name,
                    staged.Relation.Columns,
                    true
                );
        }
        return batches.ToImmutable();
    }

    private CheckRelation Resolve(ConnectionRun on, string nodeId)
    {
        var node =
            context.Manifest.Find<RelationNode>(nodeId)
            ?? throw new InvalidOperationException($"a test reads '{nodeId}', which is no relation");
        if (node is SourceNode { Files: { } files } source && node.Connection == on.Name)
            return new CheckRelation(binder.FilesOf(source, files, null), node.Relation.Name, null)
            {
                IsStored = false,
            };
        var id = binder.IdOn(on.Name, node);
        if (context.Staged.GetValueOrDefault(id) is { } staged)
        {
            var columns = staged.Batch?.Columns.After ?? staged.Relation.Columns;
            var isTable = staged.Batch is null && !staged.IsView;
            return Relation(on, staged.Relation.PostImage, node.Relation.Name, columns, isTable);
        }
        var published = context.Graph.FindTransfer(id)?.Replica ?? node.Relation;
        var known = on.Find(published);
        return Relation(
            on,
            published,
            node.Relation.Name,
            known?.Columns ?? [],
            known?.Kind != RelationKind.View
        );
    }

    private static CheckRelation Relation(
        ConnectionRun on,
        Compiler.Sql.RelationName relation,
        string name,
        ImmutableArray<ColumnSchema> columns,
        bool isStored
    ) =>
        new(
            on.Dialect.Quote(relation),
            name,
            columns.IsEmpty ? null : [.. columns.Select(column => new CheckColumn(column.Name, column.Type))]
        )
        {
            IsStored = isStored,
        };

    private async Task<IEnumerable<TestResult>> MeasureAsync(
        SessionPool.Lease lease,
        ConnectionRun on,
        CheckQuery query,
        CancellationToken cancellationToken
    )
    {
        var started = context.Clock.GetTimestamp();
        ImmutableArray<CheckVerdict> verdicts;
        try
        {
            var rows = await lease.Session.QueryAsync(query.Sql, int.MaxValue, cancellationToken);
            verdicts = query.Evaluate(rows.Rows);
        }
        catch (EngineException e) when (query.Members.Length > 1 && !e.Error.IsTransient)
        {
            var results = new List<TestResult>();
            foreach (var alone in query.Split())
                results.AddRange(await MeasureAsync(lease, on, alone, cancellationToken));
            return results;
        }
        catch (EngineException e)
        {
            var took = context.Clock.GetElapsedTime(started);
            return query.Tests.Select(test =>
                Failed(test, [Explain(on, query, test, e.Error)]) with
                {
                    Duration = took,
                }
            );
        }
        // a shared scan costs its members together what one of them would cost alone
        var duration = context.Clock.GetElapsedTime(started) / verdicts.Length;
        var judged = new List<TestResult>();
        foreach (var verdict in verdicts)
            judged.Add(await ToResultAsync(lease, on, verdict, duration, cancellationToken));
        return judged;
    }

    private async Task<TestResult> ToResultAsync(
        SessionPool.Lease lease,
        ConnectionRun on,
        CheckVerdict verdict,
        TimeSpan duration,
        CancellationToken cancellationToken
    )
    {
        var result = new TestResult
        {
            Test = verdict.Test,
            Status = verdict.Status switch
            {
                CheckStatus.Pass => TestStatus.Pass,
                CheckStatus.Warn => TestStatus.Warn,
                CheckStatus.Fail => TestStatus.Fail,
                _ => throw new ArgumentOutOfRangeException(nameof(verdict)),
            },
            Failures = verdict.Failures,
            Checked = verdict.Checked,
            Observed = verdict.Observed,
            BatchOnly = verdict.Check.ReadsBatchOnly,
            TestedAt = context.Now,
            Duration = duration,
        };
        if (verdict.ToDiagnostic() is not { } diagnostic)
            return result;
        var sql = verdict.Check.FailingRowsSql(Math.Max(1, SampleRows));
        var samples = await SampleAsync(lease, sql, cancellationToken);
        var stored = verdict.Test.Config.StoreFailures
            ? await StoreAsync(lease, on, verdict, cancellationToken)
            : null;
        return result with
        {
            FailingRowsSql = sql,
            StoredIn = stored,
            Diagnostics =
            [
                diagnostic with
                {
                    Details = [.. diagnostic.Details, .. samples],
                    Hint = stored is null ? diagnostic.Hint : $"the failing rows are in {stored}",
                },
            ],
        };
    }

    private async Task<ImmutableArray<string>> SampleAsync(
        SessionPool.Lease lease,
        string sql,
        CancellationToken cancellationToken
    )
    {
        if (SampleRows == 0)
            return [];
        var rows = await lease.Session.QueryAsync(sql, SampleRows, cancellationToken);
        return
        [
            .. rows.Rows.Select(row =>
                string.Join(", ", rows.Columns.Zip(row, (column, value) => $"{column.Name} = {Show(value)}"))
            ),
        ];
    }

    private static string Show(object? value)
    {
        var text = ValueText.Of(value) ?? "null";
        return text.Length <= 60 ? text : text[..57] + "...";
    }

    /// <summary>Keeps the failing rows, also when nothing is published: that is when they are wanted.</summary>
    private async Task<string> StoreAsync(
        SessionPool.Lease lease,
        ConnectionRun on,
        CheckVerdict verdict,
        CancellationToken cancellationToken
    )
    {
        const string schema = "strata_failures";
        var name = Compiler.Sql.Identifiers.Fit(verdict.Test.Name, on.Dialect.MaxIdentifierBytes);
        var table = new Compiler.Sql.RelationName(schema, name);
        await on.EnsureSchemaAsync(schema, cancellationToken);
        await lease.Session.ExecuteAsync(Ddl.DropTable(on.Dialect, table), cancellationToken);
        await lease.Session.ExecuteAsync(
            $"create table {on.Dialect.Quote(table)} as\n{verdict.Check.StoreFailuresSql}",
            cancellationToken
        );
        return table.ToString();
    }

    private TestResult Failed(TestNode test, ImmutableArray<Diagnostic> diagnostics) =>
        new()
        {
            Test = test,
            Status = TestStatus.Error,
            TestedAt = context.Now,
            Diagnostics = diagnostics,
        };

    private static Diagnostic Explain(ConnectionRun on, CheckQuery query, TestNode test, EngineError error)
    {
        SourceSpan span =
            error.Position is { } position && query.FindOrigin(position) is { } origin
                ? origin.Span
                : test.Declaration;
        return error.ToDiagnostic(on.Dialect.Name, $"test '{test.Name}'", span);
    }
}
