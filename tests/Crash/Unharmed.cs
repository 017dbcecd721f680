namespace Strata.Crash;

/// <summary>What builds that nobody disturbs make of the project, once for all tests.</summary>
internal static class Unharmed
{
    private static readonly Lazy<Task<(string First, string Second)>> Dumps = new(BuildAsync);

    /// <summary>The tables after the first build, and after one with new, changed and late rows.</summary>
    public static Task<(string First, string Second)> DumpsAsync() => Dumps.Value;

    private static async Task<(string First, string Second)> BuildAsync()
    {
        using var project = new CrashProject();
        await project.BuildWellAsync();
        var first = project.Dump();
        project.Land();
        await project.BuildWellAsync();
        return (first, project.Dump());
    }
}
