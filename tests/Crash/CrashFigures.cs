namespace Strata.Crash;

/// <summary>What the suite has done, for <c>make crash</c> to print: one line a test in the file it names.</summary>
internal static class CrashFigures
{
    private static readonly Lock Gate = new();

    /// <summary>Everything, for as long as it takes; else a part that the seed chooses.</summary>
    public static bool IsExhaustive => Environment.GetEnvironmentVariable("STRATA_CRASH") == "all";

    public static int Seed { get; } =
        int.TryParse(Environment.GetEnvironmentVariable("STRATA_CRASH_SEED"), out var given)
            ? given
            : Environment.TickCount & 0xFFFF;

    public static void Add(int kills = 0, int reads = 0, int restarts = 0)
    {
        if (Environment.GetEnvironmentVariable("STRATA_CRASH_FIGURES") is not { Length: > 0 } file)
            return;
        lock (Gate)
            File.AppendAllText(file, $"{kills} {reads} {restarts}\n");
    }
}
