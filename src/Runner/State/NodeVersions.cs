using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Strata.Compiler.Manifest;
using Strata.Compiler.Manifest.Models;
using Strata.Runner.Planning;

namespace Strata.Runner.State;

/// <summary>
/// The versions of everything that can be read, as they are known now: two equal versions of a node mean equal
/// rows. Views have no rows of their own; theirs follows from their definition and what they read, however
/// it came to move. Moves on while a run publishes.
/// </summary>
public sealed class NodeVersions(
    ProjectManifest manifest,
    Func<string, NodeState?> published,
    Func<string, string?> landed
)
{
    /// <summary>Stands for the version of an input of which nothing is known.</summary>
    public const string Unknown = "";

    private readonly Lock _lock = new();
    private readonly Dictionary<string, NodeState> _moved = [];
    private readonly Dictionary<string, string?> _known = [];
    private readonly Dictionary<string, HashSet<string>> _inputsOfViews = [];

    /// <summary>The version of a node, or null when nothing is known (a table that others fill, a node never built).</summary>
    public string? Of(string nodeId)
    {
        lock (_lock)
            return Find(nodeId);
    }

    /// <summary>The versions of several nodes; <see cref="Unknown"/> where that is all there is to say.</summary>
    public ImmutableSortedDictionary<string, string> Of(IEnumerable<string> nodeIds)
    {
        lock (_lock)
        {
            return nodeIds
                .Distinct()
                .ToImmutableSortedDictionary(id => id, id => Find(id) ?? Unknown, StringComparer.Ordinal);
        }
    }

    /// <summary>Where a node stands from now on: what this run has published, or staged for others of its group.</summary>
    public void Set(NodeState state)
    {
        lock (_lock)
        {
            _moved[state.NodeId] = state;
            _known.Clear();
        }
    }

    /// <summary>The state that a node has from this run, or had before it.</summary>
    public NodeState? StateOf(string nodeId)
    {
        lock (_lock)
            return _moved.GetValueOrDefault(nodeId) ?? published(nodeId);
    }

    /// <summary>
    /// Whether inputs that were read at some versions still have them; what is not known may have moved. What was an input and is none any more,
    /// though the definition is the same, was none of its rows: a reference in a comment, or one that was not printed.
    /// </summary>
    public bool AreUnmoved(NodeState state, IReadOnlyCollection<string> inputs)
    {
        lock (_lock)
        {
            return inputs.All(input =>
                Find(input) is { } now && state.Inputs.TryGetValue(input, out var then) && now == then
            );
        }
    }

    private string? Find(string nodeId)
    {
        if (!_known.TryGetValue(nodeId, out var version))
            _known[nodeId] = version = Derive(nodeId);
        return version;
    }

    private string? Derive(string nodeId)
    {
        if (manifest.Find<SourceNode>(nodeId) is { } source)
            return source.Files is null ? null : landed(nodeId);
        if ((_moved.GetValueOrDefault(nodeId) ?? published(nodeId)) is not { } state)
            return null;
        if (manifest.Find<ModelNode>(nodeId) is not { Config.Materialized: Materialization.View } view)
            return state.Version;
        var text = new StringBuilder(state.Published ?? state.Fingerprint);
        // the start of the run that made it stands in its text
        if (!view.Instants.IsEmpty)
            text.Append('\n').Append(state.RunId);
        var inputs = InputsOf(view);
        foreach (var (input, then) in state.Inputs)
        {
            // one that the view has no more stands still, as the view does
            if ((inputs.Contains(input) ? Find(input) : then) is not { } version)
                return null;
            text.Append('\n').Append(input).Append('=').Append(version);
        }
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())))[..16];
    }

    private HashSet<string> InputsOf(ModelNode view)
    {
        if (!_inputsOfViews.TryGetValue(view.UniqueId, out var inputs))
        {
            _inputsOfViews[view.UniqueId] = inputs = [
                .. manifest
                    .RelationsReadBy(view)
                    .Select(relation =>
                        relation.Connection == view.Connection
                            ? relation.UniqueId
                            : Transfer.IdOf(manifest.ProjectName, relation, view.Connection)
                    ),
            ];
        }
        return inputs;
    }
}
