using System.Collections.Immutable;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;
using Strata.Compiler.Manifest.Models;
using Strata.Runner.Adapters;
using Strata.Runner.Adapters.Errors;
using Strata.Runner.Events;
using Strata.Runner.Execution.Auditing;
using Strata.Runner.Execution.Periods;
using Strata.Runner.Execution.Publishing;
using Strata.Runner.Execution.Staging;
using Strata.Runner.Planning;
using Strata.Runner.Quarantine;
using Strata.Runner.Quarantine.Splitting;
using Strata.Runner.Results;
using Strata.Runner.State;
using Strata.Runner.State.Tables;
using Strata.Runner.Statements;

namespace Strata.Runner.Execution;

/// <summary>Takes one planned node through stage, audit and publish. Every failure ends as a result.</summary>
internal sealed class NodeRunner
{
    private readonly RunContext _context;
    private readonly Auditor _auditor;
    private readonly Publisher _publisher;
    private readonly ModelStager _models;
    private readonly SeedStager _seeds;
    private readonly TransferStager _transfers;
    private readonly NodeStatements _statements;
    private readonly MicrobatchRunner _microbatches;

    public NodeRunner(RunContext context, Publisher publisher)
    {
        var binder = new RelationBinder(context);
        _context = context;
        _publisher = publisher;
        _statements = new NodeStatements(context);
        _auditor = new Auditor(context, binder);
        var rules = new RuleBinder(_auditor);
        var diverter = new RowDiverter(context, _auditor, _statements, rules);
        _models = new ModelStager(context, binder, _statements, diverter, rules);
        _seeds = new SeedStager(context, _statements, diverter);
        _transfers = new TransferStager(context, _statements);
        _microbatches = new MicrobatchRunner(
            context,
            new PeriodSurvey(context, binder, _statements),
            new PeriodStager(context, binder, _statements, diverter),
            _statements,
            _auditor,
            publisher
        );
    }

    /// <returns>The result; of a node that waits for its group it says how it is so far.</returns>
    public async Task<NodeResult> RunAsync(PlannedNode node, CancellationToken cancellationToken)
    {
        var started = _context.Clock.GetTimestamp();
        var phases = new PhaseTimer(_context, node);
        using var scope = StatementScope.Enter(node.Id);
        try
        {
            var result = await RunPhasesAsync(node, phases, cancellationToken);
            return result with
            {
                Duration = _context.Clock.GetElapsedTime(started),
                Timings = phases.Timings,
            };
        }
        catch (OperationCanceledException)
        {
            return await EndedAsync(Outcome.Cancelled, []);
        }
        catch (NodeFailedException e)
        {
            phases.Tests = [.. phases.Tests, .. e.Tests];
            return await EndedAsync(Outcome.Failed, e.Diagnostics);
        }
        catch (EngineException e)
        {
            return await EndedAsync(Outcome.Failed, [Explain(e.Error, node)]);
        }
        catch (FailpointException e)
        {
            return await EndedAsync(Outcome.Failed, [BuildDiagnostics.Failpoint(e.Message)]);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return await EndedAsync(Outcome.Failed, [InternalDiagnostics.Unexpected(e, $"'{node.Name}'")]);
        }
        finally
        {
            if (_context.Connections.TryGetValue(node.Connection, out var on))
                await on.Sessions.EndNodeAsync(node.Id);
        }

        Task<NodeResult> EndedAsync(Outcome outcome, ImmutableArray<Diagnostic> diagnostics)
        {
            _context.Staged.TryRemove(node.Id, out _);
            // what the tests of these parts have found is on record
            if (phases.SoFar() is { } soFar)
                return Task.FromResult(
                    soFar with
                    {
                        Outcome =
                            outcome == Outcome.Failed && soFar.Batches.Any(batch => batch.IsPublished)
                                ? Outcome.PartialSuccess
                                : outcome,
                        Duration = _context.Clock.GetElapsedTime(started),
                        Timings = phases.Timings,
                        Diagnostics = [.. soFar.Diagnostics, .. diagnostics],
                    }
                );
            var result = new NodeResult
            {
                Node = node,
                Outcome = outcome,
                Duration = _context.Clock.GetElapsedTime(started),
                Timings = phases.Timings,
                Diagnostics = diagnostics,
                Tests = phases.Tests,
            };
            return TestRecorder.RecordUnpublishedAsync(_context, result);
        }
    }

    private async Task<NodeResult> RunPhasesAsync(
        PlannedNode node,
        PhaseTimer phases,
        CancellationToken cancellationToken
    )
    {
        if (node.Action == PlannedAction.None)
            return new NodeResult { Node = node, Outcome = Outcome.Fresh };
        if (node.Kind == PlannedKind.UnitTest)
            return await UnitTestStep.RunAsync(_context, node, cancellationToken);
        var on = _context.Connections[node.Connection];
        if (node.Action == PlannedAction.Test || IsStillFresh(node))
            return await TestPublishedAsync(on, node, phases, cancellationToken);

        CheckTable(on, node);
        // a batch of quarantined rows reads nothing else
        if (node.Action != PlannedAction.Incremental || _context.Request.Replay is null)
            CheckInputs(node);
        if (
            node.PublishGroup is null
            && _context.Request.Replay is null
            && _context.Manifest.Find<ModelNode>(node.Id) is { Config.Microbatch: { } microbatch } model
        )
            return await _microbatches.RunAsync(node, model, microbatch, phases, cancellationToken);
        var staged = await phases.RunAsync("stage", () => StageAsync(node, cancellationToken));
        _context.Failpoints.Hit(FailpointName.StageAfter);
        if (_context.Manifest.Find<ModelNode>(node.Id) is { } built)
        {
            ContractCheck.Run(on.Dialect, built, staged);
            staged = staged with
            {
                Diagnostics = [.. staged.Diagnostics, .. ColumnWarnings.Of(built, staged)],
            };
        }
        _context.Staged[node.Id] = staged;
        // those that divert rows had their say when the rows were staged
        phases.Tests = staged.Tests;
        var judged = staged.Tests.Select(result => result.Test.UniqueId).ToHashSet();
        var open = node
            .Tests.Where(test => !judged.Contains(test.UniqueId))
            .Where(test => !staged.IsReplay || !RowDiverter.Diverts(test, node.Id))
            .ToImmutableArray();
        if (!open.IsEmpty)
        {
            var results = await phases.RunAsync(
                "audit",
                () => _auditor.RunAsync(on, open, cancellationToken)
            );
            phases.Tests = [.. staged.Tests, .. results];
            var failed = phases.Tests.Where(test => test.Status is TestStatus.Fail or TestStatus.Error);
            if (failed.Any())
                throw new NodeFailedException([.. staged.Diagnostics]);
        }
        _context.Failpoints.Hit(FailpointName.AuditAfter);
        staged = staged with { Tests = phases.Tests, Timings = phases.Timings };
        _context.Staged[node.Id] = staged;

        RowCounts? rows = null;
        if (_context.Request.Replay is { IsDryRun: true })
        {
            _context.Staged.TryRemove(node.Id, out _);
            rows = staged.CountIncoming();
        }
        else if (node.PublishGroup is null)
        {
            var published = await phases.RunAsync(
                "publish",
                () => _publisher.PublishAsync(on, [staged], cancellationToken)
            );
            _context.Staged.TryRemove(node.Id, out _);
            rows = published[node.Id];
        }
        else
        {
            // others of the group see what it will be; outside of it nobody looks before the group is published
            _context.Versions.Set(Provisional(node, staged));
        }
        var warned =
            phases.Tests.Any(test => test.Status == TestStatus.Warn)
            || staged.Diagnostics.Any(found => found.Code == TakenFileDiagnostics.NoRow);
        return new NodeResult
        {
            // what was done may be more than was planned
            Node = node with
            {
                Action = staged.Node.Action,
                Reason = staged.Node.Reason,
                ReadsAgain = staged.Node.ReadsAgain,
                OldRows = staged.Node.OldRows,
                Writer = staged.Node.Writer,
                WriterReason = staged.Node.WriterReason,
            },
            Outcome = warned ? Outcome.Warned : Outcome.Succeeded,
            Rows = rows,
            Tests = phases.Tests,
            Diagnostics = staged.Diagnostics,
        };
    }

    /// <summary>A model whose rows must never be built anew does not take the place of rows that are not known to be its own.</summary>
    private void CheckTable(ConnectionRun on, PlannedNode node)
    {
        if (
            node.Action == PlannedAction.Full
            && _context.Manifest.Find<ModelNode>(node.Id)
                is {
                    Config:
                    { FullRefresh: false, Materialized: Materialization.Incremental or Materialization.Cdc }
                } model
            && _context.StateOf(model.UniqueId) is null
            && on.Find(model.Relation) is { Kind: RelationKind.Table }
        )
            throw new NodeFailedException(
                TableDiagnostics.TableNotItsOwn(model.Declaration, model.Name, model.Relation)
            );
    }

    private Task<StagedNode> StageAsync(PlannedNode node, CancellationToken cancellationToken)
    {
        if (node.Kind == PlannedKind.Transfer)
            return _transfers.StageAsync(node, cancellationToken);
        return _context.Manifest.Nodes[node.Id] switch
        {
            ModelNode { Config.Microbatch: { } microbatch } model
                when _context.Request.Replay is null || node.Action == PlannedAction.Full =>
                _microbatches.StageTogetherAsync(node, model, microbatch, cancellationToken),
            ModelNode model => _models.StageAsync(node, model, cancellationToken),
            SeedNode seed => _seeds.StageAsync(node, seed, cancellationToken),
            var other => throw new InvalidOperationException($"'{other.UniqueId}' cannot be built"),
        };
    }

    /// <summary>What the plan left open: whether the inputs that this run worked on have changed any row.</summary>
    private bool IsStillFresh(PlannedNode node) =>
        node.OnlyIfInputsChange
        && _context.Versions.StateOf(node.Id) is { } state
        && _context.Versions.AreUnmoved(state, node.Inputs);

    private async Task<NodeResult> TestPublishedAsync(
        ConnectionRun on,
        PlannedNode node,
        PhaseTimer phases,
        CancellationToken cancellationToken
    )
    {
        var isFresh = node.Action != PlannedAction.Test;
        var due = isFresh ? [.. node.Tests.Where(test => !IsPassed(test))] : node.Tests;
        if (due.IsEmpty)
            return new NodeResult { Node = node, Outcome = Outcome.Fresh };
        var (runnable, skipped) = Split(due);
        phases.Tests = skipped;
        phases.Tests =
        [
            .. await phases.RunAsync("audit", () => _auditor.RunAsync(on, runnable, cancellationToken)),
            .. skipped,
        ];
        await RecordAsync(on, node, phases.Tests, cancellationToken);
        var outcome =
            phases.Tests.Any(test => test.Status is TestStatus.Fail or TestStatus.Error) ? Outcome.Failed
            : phases.Tests.Any(test => test.Status == TestStatus.Warn) ? Outcome.Warned
            : isFresh ? Outcome.Fresh
            : Outcome.Succeeded;
        return new NodeResult
        {
            Node = node,
            Outcome = outcome,
            Tests = phases.Tests,
            Diagnostics = [.. OldCopies(runnable)],
        };
    }

    /// <summary>What is tested there is not what is published, where a copy was not brought up to date.</summary>
    private IEnumerable<Diagnostic> OldCopies(ImmutableArray<TestNode> tests) =>
        from test in tests
        from copy in _context.Graph.InputsOf(test).Select(_context.Graph.FindTransfer).OfType<Transfer>()
        let producer = copy.Producer.UniqueId
        where
            !_context.Staged.ContainsKey(copy.Id)
            && _context.Versions.StateOf(copy.Id)?.Inputs.GetValueOrDefault(producer)
                is { Length: > 0 } copied
            && _context.Versions.Of(producer) is { } now
            && now != copied
        select TableDiagnostics.OldCopy(
            test.Declaration,
            NodeStatements.Subject(test),
            copy.Producer.Name,
            copy.Connection
        );

    /// <summary>A test of a relation that does not exist says so, instead of an engine's complaint.</summary>
    private (ImmutableArray<TestNode> Runnable, ImmutableArray<TestResult> Skipped) Split(
        ImmutableArray<TestNode> tests
    )
    {
        var runnable = ImmutableArray.CreateBuilder<TestNode>();
        var skipped = ImmutableArray.CreateBuilder<TestResult>();
        foreach (var test in tests)
        {
            if (MissingOf(_context.Graph.InputsOf(test)) is not { } missing)
            {
                runnable.Add(test);
                continue;
            }
            skipped.Add(
                new TestResult
                {
                    Test = test,
                    Status = TestStatus.Error,
                    TestedAt = _context.Now,
                    Diagnostics =
                    [
                        InputDiagnostics.MissingInput(
                            test.Declaration,
                            NodeStatements.Subject(test),
                            missing.Node.Relation.ToString(),
                            missing.Node.Name,
                            missing.CopiedTo
                        ),
                    ],
                }
            );
        }
        return (runnable.ToImmutable(), skipped.ToImmutable());
    }

    private bool IsPassed(TestNode test) =>
        !test.ReadsClock
        && _context.Versions.StateOf(test.UniqueId) is { } state
        && state.Fingerprint == test.Fingerprint
        && _context.Versions.AreUnmoved(state, _context.Graph.InputsOf(test));

    private Task RecordAsync(
        ConnectionRun on,
        PlannedNode node,
        ImmutableArray<TestResult> tests,
        CancellationToken cancellationToken
    )
    {
        var passed = TestStates.Passed(_context, tests, _context.Versions).ToList();
        // what fails now does not stand as passed from an earlier run: the next build asks again
        var failed = tests
            .Where(test => test.Status is TestStatus.Fail or TestStatus.Error)
            .Select(test => test.Test.UniqueId)
            .ToList();
        return TestRecorder.WriteAsync(
            on,
            [
                .. StateStatements.SetNodes(on.Dialect, passed, on.KnownRows),
                .. failed.Count == 0
                    ? Enumerable.Empty<string>()
                    : [StateStatements.ForgetNodes(on.Dialect, failed)],
                .. TestRecorder.Statements(_context, on, node.Id, tests),
                .. TestRecorder.Baselines(_context, on, tests),
            ],
            cancellationToken
        );
    }

    private void CheckInputs(PlannedNode node)
    {
        if (MissingOf(node.Inputs) is not { } missing)
            return;
        var reader = _context.Manifest.Nodes.GetValueOrDefault(node.Id);
        throw new NodeFailedException(
            InputDiagnostics.MissingInput(
                (reader ?? missing.Node).Declaration,
                reader is null ? $"transfer '{node.Name}'" : NodeStatements.Subject(reader),
                missing.Node.Relation.ToString(),
                missing.Node.Name,
                missing.CopiedTo
            )
        );
    }

    /// <summary>The first model or seed among inputs that neither exists nor is staged by this run, and where it is read by a copy.</summary>
    private (RelationNode Node, string? CopiedTo)? MissingOf(IEnumerable<string> inputs)
    {
        foreach (var id in inputs.Where(id => !_context.Staged.ContainsKey(id)))
        {
            var copy = _context.Graph.FindTransfer(id);
            var node = copy?.Producer ?? _context.Manifest.Find<RelationNode>(id);
            if (node is not (ModelNode or SeedNode))
                continue;
            var (connection, relation) = copy is null
                ? (node.Connection, node.Relation)
                : (copy.Connection, copy.Replica);
            if (_context.Connections[connection].Find(relation) is null)
                return (node, copy?.Connection);
        }
        return null;
    }

    private NodeState Provisional(PlannedNode node, StagedNode staged) =>
        new()
        {
            NodeId = node.Id,
            RunId = _context.Plan.RunId,
            BatchId = _context.States.StateOf(node.Id)?.BatchId ?? 0,
            Fingerprint = staged.Fingerprint,
            Version = _context.Plan.RunId,
            Inputs = _context.Versions.Of(node.Inputs),
            Rows = _context.States.StateOf(node.Id)?.Rows,
        };

    private Diagnostic Explain(EngineError error, PlannedNode node) =>
        _context.Manifest.Nodes.GetValueOrDefault(node.TransferredNode ?? node.Id) is RelationNode or TestNode
            ? _statements.Explain(error, _context.Manifest.Nodes[node.TransferredNode ?? node.Id])
            : error.ToDiagnostic(_context.Connections[node.Connection].Dialect.Name, $"'{node.Name}'");
}
