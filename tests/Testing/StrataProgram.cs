using System.Diagnostics;

namespace Strata.Testing;

/// <summary>
/// The program as a process: what was built beside the tests, or the one that <c>STRATA_PROGRAM</c> names, such as the native
/// program of <c>make native</c>. Tests that start many processes take what <c>STRATA_COMPILED</c> names, the same program compiled ahead
/// of time, which starts in half the time; unlike the other it turns nothing into a process that is none.
/// </summary>
public static class StrataProgram
{
    /// <summary>The path in <c>STRATA_PROGRAM</c>, absolute; null where it is not set.</summary>
    public static string? Given { get; } = Named("STRATA_PROGRAM");

    private static readonly string? s_compiled = Named("STRATA_COMPILED");

    /// <summary>How to start it, in a folder, with its output and errors redirected.</summary>
    public static ProcessStartInfo Start(string folder, IEnumerable<string> words)
    {
        var start = (Given ?? s_compiled) is { } program
            ? new ProcessStartInfo(program, words)
            : new ProcessStartInfo(
                "dotnet",
                [Path.Combine(AppContext.BaseDirectory, "strata.dll"), .. words]
            );
        start.WorkingDirectory = folder;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        return start;
    }

    private static string? Named(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } path
            ? Path.Combine(RepositoryRoot.Path, path)
            : null;
}
