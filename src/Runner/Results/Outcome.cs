namespace Strata.Runner.Results;

public enum Outcome
{
    Succeeded,

    /// <summary>Nothing to do: the definition and all inputs are what they were at the last publish.</summary>
    Fresh,

    /// <summary>Published, though a test warned.</summary>
    Warned,

    /// <summary>The node's SQL or one of its tests failed; what readers see is as before.</summary>
    Failed,

    /// <summary>Some batches of a microbatch model are published, others failed.</summary>
    PartialSuccess,

    /// <summary>Not tried because of something upstream.</summary>
    Skipped,

    /// <summary>Built and tested, but its publish group was held back by another node's failure.</summary>
    HeldBack,

    /// <summary>Stopped by Ctrl-C or --fail-fast.</summary>
    Cancelled,
}
