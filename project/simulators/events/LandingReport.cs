namespace Strata.Simulators.Events;

/// <summary>What was landed, counted while it was written: the figures a test of the models can hold against the tables.</summary>
public sealed record LandingReport
{
    public int Files { get; init; }

    /// <summary>Files that were there already, with the same content.</summary>
    public int UnchangedFiles { get; init; }

    public long Lines { get; init; }

    public long Events { get; init; }

    public long Duplicates { get; init; }

    public long Late { get; init; }

    /// <summary>Lines that are not JSON.</summary>
    public long Malformed { get; init; }

    /// <summary>JSON that is no valid event.</summary>
    public long Bad { get; init; }

    public LandingReport Plus(LandingReport other) =>
        new()
        {
            Files = Files + other.Files,
            UnchangedFiles = UnchangedFiles + other.UnchangedFiles,
            Lines = Lines + other.Lines,
            Events = Events + other.Events,
            Duplicates = Duplicates + other.Duplicates,
            Late = Late + other.Late,
            Malformed = Malformed + other.Malformed,
            Bad = Bad + other.Bad,
        };
}
