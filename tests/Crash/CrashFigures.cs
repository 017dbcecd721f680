namespace Strata.Crash;

/// <summary>What the suite has done, for <c>make crash</c> to print: one line a test in the file it names.</summary>
internal static class CrashFigures
{
    private static readonly Lock Gate = new();

    /// <summary>Of how many steps one is taken, unless all are.</summary>
    public const int OneOf = 16;

    /// <summary>Everything, for as long as it takes; else a part that the seed chooses.</summary>
    public static bool IsExhaustive => Environment.GetEnvironmentVariable("STRATA_CRASH") == "all";

    public static int Seed { get; } =
        int.TryParse(Environment.GetEnvironmentVariable("STRATA_CRASH_SEED"), out var given)
            ? given
            : Environment.TickCount & 0xFFFF;

    /// <param name="failures">Runs that were made to fail at a step.</param>
    /// <param name="reads">Reads of the gold tables, each found consistent.</param>
    /// <param name="restarts">Of Postgres, in the middle of a run.</param>
    /// <param name="fullDisks">Runs that met a disk without space.</param>
    /// <param name="races">Pairs of runs that began at once.</param>
    public static void Add(
        int kills = 0,
        int failures = 0,
        int reads = 0,
        int restarts = 0,
        int fullDisks = 0,
        int races = 0
    )
    {
        if (Environment.GetEnvironmentVariable("STRATA_CRASH_FIGURES") is not { Length: > 0 } file)
            return;
        lock (Gate)
            File.AppendAllText(file, $"{kills} {failures} {reads} {restarts} {fullDisks} {races}\n");
    }
}
