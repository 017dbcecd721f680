using System.Diagnostics;
using System.Reflection;
using Strata.Compiler.Sql;

namespace Strata.Adapters.Conformance.Engines;

/// <summary>
/// This test assembly run as a program of its own, which takes the state lock of an engine under test, says so,
/// and waits to be killed.
/// </summary>
public sealed class LockProbe : IDisposable
{
    public const string RunId = "run-of-another-process";
    private const string Ready = "locked";

    private readonly Process _process;

    private LockProbe(Process process) => _process = process;

    public int Id => _process.Id;

    public static async Task<LockProbe> StartAsync(EngineUnderTest engine)
    {
        var start = new ProcessStartInfo(
            "dotnet",
            [Assembly.GetExecutingAssembly().Location, .. engine.ProbeArguments]
        )
        {
            RedirectStandardOutput = true,
            RedirectStandardInput = true,
        };
        var probe = new LockProbe(
            Process.Start(start) ?? throw new InvalidOperationException("dotnet did not start")
        );
        var answer = await probe._process.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(60));
        answer.ShouldBe(Ready);
        return probe;
    }

    /// <summary>What the other process does: see <see cref="Program"/>.</summary>
    public static async Task<int> HoldAsync(string[] arguments)
    {
        await using var adapter = EngineUnderTest.FromProbeArguments(arguments);
        await using var held = await adapter.TryLockStateAsync(RunId, CancellationToken.None);
        Console.WriteLine(held is null ? "refused" : Ready);
        // ends by itself should the tests die first
        await Console.In.ReadToEndAsync();
        return 0;
    }

    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }
}
