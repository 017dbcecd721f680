using System.Collections.Immutable;
using Strata.Compiler.Diagnostics;
using Strata.Runner.Adapters.Errors;
using Strata.Runner.Events;
using Strata.Runner.Execution.Auditing;
using Strata.Runner.Execution.Publishing;
using Strata.Runner.Planning;
using Strata.Runner.Results;
using Strata.Runner.Statements;

namespace Strata.Runner.Execution;

/// <summary>Publishes the staged nodes of a group together, or holds them all back.</summary>
internal sealed class GroupRunner(RunContext context, Publisher publisher)
{
    /// <param name="members">How the group's nodes ended, parents first.</param>
    /// <returns>Their final results.</returns>
    public async Task<ImmutableArray<NodeResult>> RunAsync(
        string group,
        ImmutableArray<NodeResult> members,
        CancellationToken cancellationToken
    )
    {
        var culprit = members.FirstOrDefault(member => !IsGood(member)) is { } bad
            ? bad.Because ?? bad.Node.Name
            : null;
        var staged = members
            .Where(member => IsGood(member) && context.Staged.ContainsKey(member.Node.Id))
            .ToImmutableArray();
        if (culprit is not null || cancellationToken.IsCancellationRequested)
        {
            var outcome = culprit is null ? Outcome.Cancelled : Outcome.HeldBack;
            return await HoldBackAsync(
                members,
                staged,
                member => member with { Outcome = outcome, Because = culprit }
            );
        }
        if (staged.IsEmpty)
            return members;
        var started = context.Clock.GetTimestamp();
        ImmutableArray<Diagnostic> problems;
        NodeResult? failed = null;
        try
        {
            var nodes = staged.Select(member => context.Staged[member.Node.Id]).ToList();
            foreach (var node in nodes)
                context.Events.Raise(new NodeStarted(context.Now, node.Node, "publish"));
            var on = context.Connections[staged[0].Node.Connection];
            using var scope = StatementScope.Enter(nodes is [var only] ? only.Node.Id : null, "publish");
            var rows = await publisher.PublishAsync(on, nodes, cancellationToken);
            var took = context.Clock.GetElapsedTime(started);
            context.Events.Raise(new GroupPublished(context.Now, group, nodes.Count, took));
            return Replace(
                members,
                staged,
                member =>
                    member with
                    {
                        Rows = rows[member.Node.Id],
                        Timings = [.. member.Timings, ("publish", took)],
                    }
            );
        }
        catch (OperationCanceledException)
        {
            return await HoldBackAsync(
                members,
                staged,
                member => member with { Outcome = Outcome.Cancelled }
            );
        }
        catch (NodeFailedException e)
        {
            problems = e.Diagnostics;
            failed = staged.FirstOrDefault(member => member.Node.Id == e.NodeId);
        }
        catch (EngineException e)
        {
            var engine = context.Connections[staged[0].Node.Connection].Dialect.Name;
            problems = [e.Error.ToDiagnostic(engine, $"the publishing of '{group}'")];
        }
        catch (FailpointException e)
        {
            problems = [BuildDiagnostics.Failpoint(e.Message)];
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            problems = [InternalDiagnostics.Unexpected(e, $"the publishing of '{group}'")];
        }
        if (failed is not null)
            return await HoldBackAsync(
                members,
                staged,
                member =>
                    member == failed
                        ? member with
                        {
                            Outcome = Outcome.Failed,
                            Diagnostics = [.. member.Diagnostics, .. problems],
                        }
                        : member with
                        {
                            Outcome = Outcome.HeldBack,
                            Because = failed.Node.Name,
                        }
            );
        foreach (var problem in problems)
            context.Events.Raise(new DiagnosticRaised(context.Now, problem));
        context.Problems.AddRange(problems);
        return await HoldBackAsync(
            members,
            staged,
            member => member with { Outcome = Outcome.HeldBack, Because = $"publishing '{group}'" }
        );
    }

    private static bool IsGood(NodeResult member) =>
        member.Outcome is Outcome.Succeeded or Outcome.Warned or Outcome.Fresh;

    /// <summary>Readers see nothing of the staged members; what their tests have found is recorded all the same.</summary>
    private async Task<ImmutableArray<NodeResult>> HoldBackAsync(
        ImmutableArray<NodeResult> members,
        ImmutableArray<NodeResult> staged,
        Func<NodeResult, NodeResult> change
    )
    {
        var ids = staged.Select(member => member.Node.Id).ToHashSet();
        var ended = Replace(members, staged, change).ToArray();
        for (var i = 0; i < ended.Length; i++)
        {
            if (ids.Contains(ended[i].Node.Id))
                ended[i] = await TestRecorder.RecordUnpublishedAsync(context, ended[i]);
        }
        return [.. ended];
    }

    private ImmutableArray<NodeResult> Replace(
        ImmutableArray<NodeResult> members,
        ImmutableArray<NodeResult> staged,
        Func<NodeResult, NodeResult> change
    )
    {
        foreach (var member in staged)
            context.Staged.TryRemove(member.Node.Id, out _);
        return [.. members.Select(member => staged.Contains(member) ? change(member) : member)];
    }
}
