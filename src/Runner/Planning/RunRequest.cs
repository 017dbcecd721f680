using System.Collections.Immutable;
using Strata.Compiler.Manifest;
using Strata.Compiler.Rendering.Introspection;
using Strata.Runner.Adapters;
using Strata.Runner.Execution;
using Strata.Runner.Microbatches;
using Strata.Runner.Quarantine;
using Strata.Runner.Quarantine.Replaying;

namespace Strata.Runner.Planning;

/// <summary>Everything that decides a plan and its execution, besides the state of the engines.</summary>
public sealed record RunRequest
{
    public required ProjectManifest Manifest { get; init; }

    /// <summary>Renders the models that ask their engine something; needed if the manifest has such.</summary>
    public IRunTimeRenderer? Renderer { get; init; }

    /// <summary>Unique ids of what the user selected: models, seeds, tests; others are passed over.</summary>
    public required ImmutableHashSet<string> Selected { get; init; }

    public required RunCommand Command { get; init; }

    /// <summary>The open doors to the target's connections, by name. Owned by the caller.</summary>
    public required IReadOnlyDictionary<string, IAdapter> Adapters { get; init; }

    /// <summary>Opens an engine inside this process that holds nothing, for unit tests; null where there is none.</summary>
    public Func<IAdapter>? OpenEmbedded { get; init; }

    /// <summary>The instant that the project was compiled with as <c>run_started_at</c>.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>What the run is called in artifacts that are written before it begins; null for a name of its own.</summary>
    public string? RunId { get; init; }

    public required TimeProvider Clock { get; init; }

    /// <summary>Build from nothing, whatever the state says.</summary>
    public bool FullRefresh { get; init; }

    /// <summary>The event times whose batches microbatch models build; null leaves it to what is due.</summary>
    public EventTimeRange? EventTime { get; init; }

    /// <summary>Quarantined rows of one node enter it again, in place of what its query would give.</summary>
    public ReplayRequest? Replay { get; init; }

    /// <summary>Tests that remember earlier runs take what they find as the new normal.</summary>
    public bool UpdatesBaselines { get; init; }

    /// <summary>Whether the run and its publishes are noted for those who ask later what happened; nobody asks after a replay.</summary>
    public bool KeepsHistory { get; init; } = true;

    /// <summary>The first failure cancels what runs and skips the rest.</summary>
    public bool FailFast { get; init; }

    /// <summary>How many nodes are worked on at the same time, over all connections.</summary>
    public int Threads { get; init; } = 4;

    /// <summary>Where to die or fail on purpose; see <see cref="Execution.Failpoints.Parse"/>.</summary>
    public Failpoints Failpoints { get; init; } = Failpoints.None;
}
