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

    /// <summary>Those that were printed, and stand in no comment: a relation that a template asked for and dropped is not read.</summary>
    public IEnumerable<RelationSlot> Reads
    {
        get
        {
            var comments = CommentedSlots.Find(Text);
            for (
                var at = RelationSentinel.IndexOfAny(Text);
                at >= 0;
                at = RelationSentinel.IndexOfAny(Text, at + 1)
            )
            {
                if (
                    !comments.Contains(at)
                    && RelationSentinel.TryRead(Text, at, out var number, out _)
                    && number < Slots.Length
                )
                    yield return Slots[number];
            }
        }
    }
}
