using System.Diagnostics;
using System.Runtime.Versioning;
using Strata.Testing;

namespace Strata.Cli.Tests;

/// <summary>The script <c>strata</c> of a clone, with a program that does nothing but say how it was called.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class LauncherTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("elsewhere", true, true)]
    [InlineData("elsewhere/mart/models", false, false)]
    [InlineData("clone", true, false)]
    [InlineData("clone/docs", true, false)]
    public void Strata_InAFolder_SaysThatItTakesTheReferenceProject(string at, bool takesIt, bool saysSo)
    {
        _folder.Write("clone/strata", File.ReadAllText(RepositoryRoot.Combine("strata")));
        var program = _folder.Write("clone/out/strata/strata", "#!/bin/sh\necho \"$*\"\n");
        File.SetUnixFileMode(
            program,
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        );
        _folder.Write("elsewhere/mart/strata.yml", "name: mart\n");
        Directory.CreateDirectory(_folder.Combine(at));

        var start = new ProcessStartInfo("bash", [_folder.Combine("clone", "strata"), "plan"])
        {
            WorkingDirectory = _folder.Combine(at),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start) ?? throw new InvalidOperationException("bash did not start");
        var (output, error) = (process.StandardOutput.ReadToEnd(), process.StandardError.ReadToEnd());
        process.WaitForExit();

        output.Contains("--project-dir", StringComparison.Ordinal).ShouldBe(takesIt);
        error.StartsWith("no strata.yml here or above", StringComparison.Ordinal).ShouldBe(saysSo, error);
    }
}
