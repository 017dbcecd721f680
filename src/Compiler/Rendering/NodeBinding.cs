using System.Collections.Immutable;
using Strata.Compiler.Templating;

namespace Strata.Compiler.Rendering;

/// <summary>The node that a template is rendered for.</summary>
internal sealed record NodeBinding
{
    /// <summary>Null for text that belongs to no node, such as a hook of the run.</summary>
    public string? NodeId { get; init; }

    public string Name { get; init; } = "";

    public required NodePlace Place { get; init; }

    public string? Layer { get; init; }

    public bool IsIncremental { get; init; }

    /// <summary>Whether the clock stands still at a fixed instant, so that the text can be compared between runs.</summary>
    public bool IsTimeless { get; init; }

    /// <summary>Whether the template may ask its engine: only models are rendered again when they are built.</summary>
    public bool MayAskDatabase { get; init; }

    /// <summary>What is found instead of the project's own: a unit test's.</summary>
    public RenderOverrides Overrides { get; init; } = RenderOverrides.None;

    /// <summary>Further names that the template finds.</summary>
    public ImmutableArray<KeyValuePair<string, object?>> Values { get; init; } = [];

    /// <summary>Makes values that depend on the render, such as the relation that a test checks.</summary>
    public Func<RenderState, IEnumerable<KeyValuePair<string, object?>>>? MoreValues { get; init; }
}
