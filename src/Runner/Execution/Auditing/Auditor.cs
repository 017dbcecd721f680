using System.Collections.Immutable;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;
using Strata.Compiler.Text;
using Strata.Runner.Adapters;
using Strata.Runner.Adapters.Errors;
using Strata.Runner.Execution.Landing;
using Strata.Runner.Files;
using Strata.Runner.Files.Landing;
using Strata.Runner.Results;
using Strata.Tests.Engine.Planning;
using Strata.Tests.Engine.Verdicts;

namespace Strata.Runner.Execution.Auditing;

/// <summary>
/// Runs tests on what readers would see: the post-image of a staged node, else the published relation. Checks
/// share scans; a shared query that fails is taken apart, so that one bad test does not hide the others.
/// </summary>
internal sealed class Auditor
{
    private readonly RunContext _context;
    private readonly AuditedRelations _relations;
    private readonly FailureReader _failures;
    private readonly Reconciler _reconciler;
    private readonly InPlaceFiles _inPlace;

    public Auditor(RunContext context, RelationBinder binder)
    {
        _context = context;
        _relations = new AuditedRelations(context, binder);
        _failures = new FailureReader(context, _relations);
        _reconciler = new Reconciler(context, _relations);
        _inPlace = new InPlaceFiles(context);
    }

    /// <param name="instead">Rows to read in place of a node: a stage before anything is done with it.</param>
    public async Task<ImmutableArray<TestResult>> RunAsync(
        ConnectionRun on,
        ImmutableArray<TestNode> tests,
        CancellationToken cancellationToken,
        RowsInstead? instead = null
    )
    {
        if (tests.IsEmpty)
            return [];
        var results = new Dictionary<string, TestResult>();
        await using var lease = await on.Sessions.RentAsync(cancellationToken);
        try
        {
            await _relations.Memories.ReadAsync(lease, on, tests, cancellationToken);
            var files = await OfferAsync(lease, on, tests, cancellationToken);
            // rows that were not touched passed before: only tests that did so may look at the batch alone
            foreach (var some in tests.GroupBy(HasPassedBefore))
            {
                ImmutableArray<TestNode> members = [.. some];
                var plan = CheckPlanner.Plan(
                    instead is not null
                        ? _relations.RequestOver(on, members, instead, files)
                        : _relations.Request(on, members, some.Key, files)
                );
                foreach (var rejected in plan.Rejected)
                    results[rejected.Test.UniqueId] = Failed(rejected.Test, rejected.Diagnostics);
                foreach (var query in plan.Queries)
                {
                    foreach (var result in await MeasureAsync(lease, on, query, cancellationToken))
                        results[result.Test.UniqueId] = result;
                }
                foreach (var check in plan.Reconciliations)
                    results[check.Test.UniqueId] = await _reconciler.RunAsync(on, check, cancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
            lease.IsBroken = true;
            throw;
        }
        return [.. tests.Select(test => results[test.UniqueId])];
    }

    /// <summary>The landed files that tests read, until the lease is given back.</summary>
    public Task<FileBatch> OfferAsync(
        SessionPool.Lease lease,
        ConnectionRun on,
        ImmutableArray<TestNode> tests,
        CancellationToken cancellationToken
    ) =>
        _inPlace.OfferAsync(
            lease,
            on,
            _relations.ReadBy(tests),
            InPlaceFiles.OnlyGoodIfSetAside,
            cancellationToken
        );

    /// <summary>The checks that tests come down to, with other rows in place of a node; none for a test that does not fit them.</summary>
    /// <param name="files">What <see cref="OfferAsync"/> gives for the session that runs them.</param>
    public IEnumerable<PlannedCheck> Plan(
        ConnectionRun on,
        ImmutableArray<TestNode> tests,
        RowsInstead instead,
        FileBatch files
    ) =>
        CheckPlanner
            .Plan(_relations.RequestOver(on, tests, instead, files))
            .Queries.SelectMany(query => query.Members);

    // a batch that was published without its tests (strata run) moves the version, and the test has not seen it
    private bool HasPassedBefore(TestNode test) =>
        _context.States.StateOf(test.UniqueId) is { Rows: 0 } passed
        && passed.Fingerprint == test.Fingerprint
        && (
            test.AttachedNode is not { } node
            || _context.States.StateOf(node)?.Version == passed.Inputs.GetValueOrDefault(node)
        );

    private async Task<IEnumerable<TestResult>> MeasureAsync(
        SessionPool.Lease lease,
        ConnectionRun on,
        CheckQuery query,
        CancellationToken cancellationToken
    )
    {
        var started = _context.Clock.GetTimestamp();
        RowSet measured;
        try
        {
            measured = await lease.Session.QueryAsync(query.Sql, int.MaxValue, cancellationToken);
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
            var error = await LandedProblems.ExplainAsync(
                e.Error,
                LandedBehind.Of(_context, query.Tests.SelectMany(LandedBehind.ReadBy)),
                cancellationToken
            );
            return AllFailed(test => Explain(on, query, test, error));
        }
        if (query.FindMisfit(query.Members[0].Test, measured.Rows) is not null)
            return AllFailed(test => query.FindMisfit(test, measured.Rows));
        var verdicts = query.Evaluate(measured.Rows);
        // a shared scan costs its members together what one of them would cost alone
        var duration = _context.Clock.GetElapsedTime(started) / verdicts.Length;
        var judged = new List<TestResult>();
        foreach (var verdict in verdicts)
            judged.Add(await _failures.ToResultAsync(lease, on, verdict, duration, cancellationToken));
        return judged;

        IEnumerable<TestResult> AllFailed(Func<TestNode, Diagnostic?> why)
        {
            var took = _context.Clock.GetElapsedTime(started);
            return query.Tests.Select(test =>
                Failed(test, [.. new[] { why(test) }.OfType<Diagnostic>()]) with
                {
                    Duration = took,
                }
            );
        }
    }

    private TestResult Failed(TestNode test, ImmutableArray<Diagnostic> diagnostics) =>
        new()
        {
            Test = test,
            Status = TestStatus.Error,
            TestedAt = _context.Now,
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
