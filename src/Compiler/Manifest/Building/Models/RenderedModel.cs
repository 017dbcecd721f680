using System.Collections.Immutable;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest.Building.Collecting;
using Strata.Compiler.Project.Configuration;
using Strata.Compiler.Project.Configuration.Settings;
using Strata.Compiler.Rendering;
using Strata.Compiler.Rendering.Linking;

namespace Strata.Compiler.Manifest.Building.Models;

/// <summary>A model after rendering, with its relations still unnamed.</summary>
internal sealed record RenderedModel(
    ModelDraft Draft,
    ConfigSet Config,
    ModelSettings Settings,
    NodePlace Place,
    NodeBinding Binding,
    RenderedSql Full
)
{
    public RenderedSql? Incremental { get; init; }

    public ImmutableArray<RenderedSql> PreHooks { get; init; } = [];

    public ImmutableArray<RenderedSql> PostHooks { get; init; } = [];

    public ImmutableArray<Diagnostic> Diagnostics { get; init; } = [];

    public bool IsEnabled => Settings.Config.Enabled;

    public bool HasReadPlaces => Texts.Any(sql => sql.HasReadPlaces);

    public bool HasAskedDatabase => Full.Sql.HasAskedDatabase || Incremental?.Sql.HasAskedDatabase == true;

    /// <summary>Every text that may name relations.</summary>
    public IEnumerable<SlottedSql> Texts
    {
        get
        {
            yield return Full.Sql;
            if (Incremental is { } incremental)
                yield return incremental.Sql;
            foreach (var hook in PreHooks)
                yield return hook.Sql;
            foreach (var hook in PostHooks)
                yield return hook.Sql;
        }
    }
}

/// <param name="Sql">What runs.</param>
/// <param name="Timeless">The same with the clock standing still: what fingerprints are made of.</param>
internal sealed record RenderedSql(SlottedSql Sql, SlottedSql Timeless)
{
    public bool HasReadClock => !ReferenceEquals(Sql, Timeless);
}
