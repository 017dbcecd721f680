using Strata.Runner.Execution;

namespace Strata.Crash;

/// <summary>The named steps of a build.</summary>
internal static class BuildSteps
{
    /// <summary>Those that the first build may come by, in the order of a run.</summary>
    public static readonly IReadOnlyList<FailpointName> OfFirst =
    [
        .. Enum.GetValues<FailpointName>().Where(name => !IsOfAnotherCommand(name)),
    ];

    /// <summary>Those of a build that finds the state's tables made and the seeds in place.</summary>
    public static readonly IReadOnlyList<FailpointName> OfLater =
    [
        .. OfFirst.Where(name => !IsOfFirst(name)),
    ];

    /// <summary>Whether only the first build comes by a step.</summary>
    public static bool IsOfFirst(FailpointName name) =>
        name is FailpointName.StateBeforeCommit or FailpointName.StateAfterCommit or FailpointName.SeedAfter;

    /// <summary>Whether a run comes by a step once for each node.</summary>
    public static bool IsOfEachNode(FailpointName name) =>
        name
            is FailpointName.StageBegun
                or FailpointName.StageAfter
                or FailpointName.AuditAfter
                or (>= FailpointName.PublishBegun and <= FailpointName.PublishAfterCommit);

    /// <summary>An order that a seed chooses, but what only a first build comes by is first, and the end of a run last.</summary>
    public static IReadOnlyList<FailpointName> Shuffled(IEnumerable<FailpointName> steps, Random random)
    {
        var names = steps.ToArray();
        random.Shuffle(names);
        return [.. names.OrderBy(Place)];
    }

    private static int Place(FailpointName name) =>
        name switch
        {
            FailpointName.StateBeforeCommit => 0,
            FailpointName.StateAfterCommit => 1,
            FailpointName.SeedAfter => 2,
            FailpointName.CleanupBefore => 4,
            FailpointName.CleanupMidway => 5,
            FailpointName.CleanupAfter => 6,
            _ => 3,
        };

    private static bool IsOfAnotherCommand(FailpointName name) =>
        name
            is FailpointName.RollbackPlanned
                or FailpointName.RollbackMidway
                or FailpointName.RollbackBeforeCommit
                or FailpointName.RollbackAfterCommit
                or FailpointName.DropBeforeCommit
                or FailpointName.DropAfterCommit;
}
