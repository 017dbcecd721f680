using System.Collections.Immutable;
using Strata.Compiler.Manifest;
using Strata.Runner.State;

namespace Strata.Runner.Planning.Deciding;

/// <summary>Whether a node is due because what it reads has moved, or may move in this run.</summary>
/// <param name="works">Whether this run works on a node; parents are decided first.</param>
internal sealed class MovedInputs(
    ProjectManifest manifest,
    NodeVersions versions,
    PlanGraph graph,
    Func<string, bool> works
)
{
    /// <param name="reason">Why it is due in any case; null where that is for its inputs to say.</param>
    public Decision Choose(
        PlannedAction action,
        string? reason,
        NodeState? state,
        ImmutableArray<string> inputs
    )
    {
        if (reason is not null || state is null)
            return new Decision(action, reason ?? "first build");
        var working = inputs.SelectMany(input => graph.PlannedAbove(input)).Where(works).ToImmutableArray();
        if (!versions.AreUnmoved(state, inputs))
        {
            // what is unknown before this run may turn out to be known and unmoved, but only if the run works on it
            var first = inputs.First(input => !IsUnmoved(input, state));
            return new Decision(action, Moved(first, state));
        }
        if (working.IsEmpty)
            return new Decision(PlannedAction.None, "fresh");
        return new Decision(action, $"if '{NameOf(working[0])}' changes", OnlyIfInputsChange: true);
    }

    /// <summary>Whether an input is as it was when the node was built.</summary>
    public bool IsUnmoved(string input, NodeState state) => versions.AreUnmoved(Only(state, input), [input]);

    private static NodeState Only(NodeState state, string input) =>
        state with
        {
            Inputs = state.Inputs.RemoveRange(state.Inputs.Keys.Where(key => key != input)),
        };

    private string Moved(string input, NodeState state) =>
        manifest.Find<SourceNode>(input) is { Files: null } ? $"'{NameOf(input)}' is filled by others"
        // where no inputs were noted, periods were left out
        : state.Inputs.IsEmpty || state.Inputs.ContainsKey(input) ? $"'{NameOf(input)}' changed"
        : $"'{NameOf(input)}' is an input now";

    private string NameOf(string id) =>
        manifest.Nodes.GetValueOrDefault(id) switch
        {
            SourceNode source => $"{source.SourceName}.{source.Name}",
            { } node => node.Name,
            null => graph.FindTransfer(id)?.Producer.Name ?? id,
        };
}
