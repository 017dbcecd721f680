using System.Collections.Immutable;

namespace Strata.Runner.Microbatches;

/// <summary>What has come, or changed, in the inputs of a microbatch model since it last read their changes.</summary>
/// <param name="Starts">Where the periods begin that got rows, lost rows or have other ones, however old they are.</param>
/// <param name="Unserved">
/// An input whose feed cannot say what has changed since: it was built from nothing, or its changes are no longer kept, or the
/// model has never read them. Any period may have changed then. Null if there is none.
/// </param>
public sealed record Arrivals(ImmutableHashSet<DateTimeOffset> Starts, string? Unserved)
{
    public static readonly Arrivals None = new([], null);

    /// <summary>Everything that two inputs have to say.</summary>
    public Arrivals With(Arrivals other) => new(Starts.Union(other.Starts), Unserved ?? other.Unserved);

    /// <summary>Why a period that begins here must be built again, in words; null if nothing has changed in it.</summary>
    public string? WhyBuild(DateTimeOffset start) =>
        Unserved is { } upstream ? $"changes of '{upstream}' are not all kept"
        : Starts.Contains(start) ? "rows arrived"
        : null;
}
