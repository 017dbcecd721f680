using System.Collections.Immutable;

namespace Strata.Runner.Files;

/// <summary>The files that a node reads in one run.</summary>
/// <param name="BatchId">The batch that their rows will carry.</param>
/// <param name="Landed">By the unique id of the source; a source that is not in it is read whole.</param>
internal sealed record FileBatch(long BatchId, ImmutableDictionary<string, LandingZone> Landed);
