using System.Collections.Immutable;
using Strata.Compiler.Manifest;

namespace Strata.Runner.Versions;

/// <summary>Which kept versions have had their time. Pure.</summary>
internal static class RetentionTrim
{
    /// <param name="order">The runs that are known, latest first.</param>
    public static ImmutableArray<KeptVersion> Expired(
        ImmutableArray<(KeptVersion Version, DateTimeOffset At)> kept,
        IReadOnlyList<string> order,
        Func<string, RetentionConfig> retentionOf,
        DateTimeOffset now
    )
    {
        // a run that has changed no row takes no place of one that has
        var changing = kept.Where(one => one.Version.Kind != KeptKind.Same)
            .Select(one => one.Version.RunId)
            .ToHashSet();
        var places = new Dictionary<string, int>();
        var later = 0;
        foreach (var run in order)
        {
            places[run] = later;
            if (changing.Contains(run))
                later++;
        }
        return
        [
            .. kept.Where(one =>
                {
                    var retention = retentionOf(one.Version.Node);
                    return !retention.Keeps
                        || places.GetValueOrDefault(one.Version.RunId, int.MaxValue) >= retention.Runs
                        || one.At < now.AddDays(-retention.Days);
                })
                .Select(one => one.Version),
        ];
    }
}
