using System.Collections.Immutable;
using Strata.Compiler.Project.Configuration;
using Strata.Compiler.Text;

namespace Strata.Compiler.Rendering.Linking;

/// <summary>A rendered template in which relations are still sentinels.</summary>
internal sealed record SlottedSql(string Text, SourceMap Map, ImmutableArray<RelationSlot> Slots)
{
    public static readonly SlottedSql Empty = new("", SourceMap.Empty, []);

    /// <summary>What <c>config</c> said.</summary>
    public ConfigSet Config { get; init; } = ConfigSet.Empty;

    public bool HasReadPlaces { get; init; }

    public bool HasReadClock { get; init; }

    public bool HasAskedDatabase { get; init; }

    public bool HasErrors { get; init; }
}
