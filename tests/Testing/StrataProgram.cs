using System.Diagnostics;

namespace Strata.Testing;

/// <summary>
/// The program as a process: what was built beside the tests, or the one that <c>STRATA_PROGRAM</c> names, such as the native
/// program of <c>make native</c>.
/// </summary>
public static class StrataProgram
{
    /// <summary>The path in <c>STRATA_PROGRAM</c>, absolute; null where it is not set.</summary>
    public static string? Given { get; } =
        Environment.GetEnvironmentVariable("STRATA_PROGRAM") is { Length: > 0 } path
            ? Path.Combine(RepositoryRoot.Path, path)
            : null;

    /// <summary>How to start it, in a folder, with its output and errors redirected.</summary>
    public static ProcessStartInfo Start(string folder, IEnumerable<string> words)
    {
        var start = Given is not null
            ? new ProcessStartInfo(Given, words)
            : new ProcessStartInfo(
                "dotnet",
                [Path.Combine(AppContext.BaseDirectory, "strata.dll"), .. words]
            );
        start.WorkingDirectory = folder;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        return start;
    }
}
