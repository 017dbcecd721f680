using System.Collections.Immutable;
using Strata.Compiler.Manifest.Models;
using Strata.Compiler.Rendering.Linking;
using Strata.Compiler.Text;

namespace Strata.Compiler.Manifest;

/// <summary>A query of the project that becomes a relation; a snapshot is one that keeps the history of its rows.</summary>
public sealed record ModelNode : RelationNode
{
    public override ResourceType ResourceType =>
        Config.Materialized == Materialization.Snapshot ? ResourceType.Snapshot : ResourceType.Model;

    /// <summary>The layer whose folder holds the model; null outside all layers.</summary>
    public string? Layer { get; init; }

    public required ModelConfig Config { get; init; }

    /// <summary>The rendering that builds the relation from nothing.</summary>
    public required CompiledSql Full { get; init; }

    /// <summary>The rendering with <c>is_incremental</c> true; null unless the model is incremental.</summary>
    public CompiledSql? Incremental { get; init; }

    /// <summary>
    /// Whether the template asks its engine something (<c>run_query</c>, <c>columns_of</c>), so that it is rendered
    /// again when the model is built; the renderings here then are provisional.
    /// </summary>
    public bool IsRenderedAtRun { get; init; }

    /// <summary>The model's own file.</summary>
    public required SourceText Source { get; init; }

    /// <summary>Names of the macros used, directly or through others, sorted.</summary>
    public ImmutableArray<string> Macros { get; init; } = [];

    /// <summary>The files that its template includes, be it through others, by the names that they are included by.</summary>
    public ImmutableSortedDictionary<string, SourceText> Included { get; init; } =
        ImmutableSortedDictionary<string, SourceText>.Empty;

    /// <summary>
    /// SHA-256, in hex, over everything that decides what the relation holds besides its inputs' rows: both
    /// renderings, configuration, macros, relation name.
    /// </summary>
    public required string Fingerprint { get; init; }

    /// <summary>Whether its template prints the start of the run.</summary>
    public bool ReadsClock { get; init; }

    /// <summary>Where the start of the run stands in the text of <see cref="Full"/>. A view with it shows the instant of the run that made it.</summary>
    public ImmutableArray<int> Instants { get; init; } = [];

    /// <summary>The <see cref="Fingerprint"/> as earlier versions made it of the same definition.</summary>
    public ImmutableArray<string> FormerFingerprints { get; init; } = [];
}
