using System.CommandLine;
using Strata.Cli.CommandLine;
using Strata.Cli.Session;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;
using Strata.Compiler.Manifest.Tests;
using Strata.Runner.Adapters;
using Strata.Runner.Adapters.Errors;

namespace Strata.Cli.Commands.Quarantine;

/// <summary>What show, replay and drop have in common: the rows of one model.</summary>
public abstract class QuarantineModelCommand : StrataCommand
{
    private readonly Argument<string> _model = new("model") { Description = "the model or seed" };

    private protected QuarantineModelCommand(string name, string summary)
        : base(name, summary)
    {
        Add(_model);
        AddAll(Which.All);
    }

    private protected QuarantineRowFlags Which { get; } = new();

    private protected ProjectFlags Project { get; } = new();

    /// <summary>An option of the commands that write.</summary>
    private protected WaitFlag Wait { get; } = new();

    private protected virtual Diagnostic? Refuse(CommandContext context) => null;

    private protected abstract Task<int> RunAsync(CommandContext context, QuarantinedNode of, LockWait wait);

    public sealed override Task<int> RunAsync(CommandContext context) =>
        LockWait.RunAsync(context, Wait, wait => RunAsync(context, wait));

    private async Task<int> RunAsync(CommandContext context, LockWait wait)
    {
        if (Refuse(context) is { } problem)
            return context.Fail(problem);
        if (
            ProjectSession.Open(context, Project, out var exitCode, warns: ProjectWarnings.None)
            is not { } project
        )
            return exitCode;
        await using var adapters = project.OpenAdapters(context, Project, isRun: true);
        if (adapters is null)
            return ExitCode.CouldNotRun;
        var all = NodesOf(project.Manifest);
        var name = context.Get(_model);
        if (NodeNames.Find(all, name) is not { } node)
            return context.Fail(NodeNames.Unknown(all, name ?? ""));
        var of = new QuarantinedNode(project, adapters, node, Which.Filter(context));
        RemarkOnReason(context, project.Manifest, node, of.Rows.Reason);
        try
        {
            return await RunAsync(context, of, wait);
        }
        catch (EngineException exception)
        {
            var failure = QuarantineCommand.Explain(
                project.Manifest.Connections[node.Connection],
                exception.Error
            );
            return wait.PutsOff(project, [failure]) ? ExitCode.CouldNotRun : context.Fail(failure);
        }
    }

    /// <summary>All that may have a quarantine.</summary>
    internal static List<RelationNode> NodesOf(ProjectManifest manifest) =>
        [.. manifest.Nodes.Values.Where(node => node is ModelNode or SeedNode).Cast<RelationNode>()];

    // rows may have been diverted by a test that is gone since: that is no mistake
    private static void RemarkOnReason(
        CommandContext context,
        ProjectManifest manifest,
        RelationNode node,
        string? reason
    )
    {
        var tests = manifest
            .Nodes.Values.OfType<TestNode>()
            .Where(test =>
                test.AttachedNode == node.UniqueId && test.Config.Severity == TestSeverity.Quarantine
            )
            .Select(test => test.Name)
            .ToList();
        if (reason is null || tests.Contains(reason))
            return;
        if (tests.Count == 0)
        {
            context.Remark($"'{node.Name}' has no test that diverts rows any more");
            return;
        }
        context.Remark(
            $"no test of '{node.Name}' that diverts rows is called '{reason}'; "
                + (Suggestions.DidYouMean(reason, tests) ?? $"there are: {string.Join(", ", tests)}")
        );
    }
}
