using System.Collections.Immutable;
using Strata.Compiler.Project.Configuration;
using Strata.Compiler.Project.Yaml;
using Strata.Compiler.Rendering.Functions;
using Strata.Compiler.Rendering.Introspection;
using Strata.Compiler.Rendering.Linking;
using Strata.Compiler.Text;

namespace Strata.Compiler.Rendering;

/// <summary>What one render leaves behind besides its text. Used by one thread.</summary>
internal sealed class RenderState(NodeBinding binding, IReadOnlyDictionary<string, NodePlace> places)
{
    private readonly List<RelationSlot> _slots = [];
    private ConfigSet _config = ConfigSet.Empty;

    public NodeBinding Binding { get; } = binding;

    public IReadOnlyList<RelationSlot> Slots => _slots;

    public ConfigSet Config => _config;

    /// <summary>Whether the text may depend on where relations live, which is only provisional while rendering.</summary>
    public bool HasReadPlaces { get; set; }

    /// <summary>Whether the text may differ from run to run.</summary>
    public bool HasReadClock { get; set; }

    /// <summary>Whether the template asked its engine something, answered or not.</summary>
    public bool HasAskedDatabase { get; set; }

    /// <summary>Null while the project is compiled, when there is nobody to ask.</summary>
    public DatabaseDialogue? Dialogue { get; init; }

    public RelationValue AddRelation(
        ReferenceKind kind,
        string? nodeId,
        SourceOrigin origin,
        Func<string, string>? wrap = null,
        bool isWhole = false
    )
    {
        var text = RelationSentinel.Format(_slots.Count);
        _slots.Add(new RelationSlot(kind, nodeId, origin, isWhole));
        var place = nodeId is null ? null : places.GetValueOrDefault(nodeId);
        return new RelationValue(this, wrap?.Invoke(text) ?? text, place?.Relation ?? default);
    }

    public void AddConfig(IEnumerable<YamlMapping.Entry> entries) =>
        _config = new ConfigSet(entries.ToImmutableArray()).Over(_config);
}
