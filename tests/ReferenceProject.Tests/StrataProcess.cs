using System.Diagnostics;

namespace Strata.ReferenceProject.Tests;

/// <summary>The <c>strata</c> program as a process of its own, so that it can be killed like one.</summary>
internal static class StrataProcess
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    /// <summary>Runs to the end.</summary>
    public static async Task<ProcessOutcome> RunAsync(
        string project,
        IReadOnlyDictionary<string, string> environment,
        params string[] arguments
    )
    {
        using var process = Start(project, environment, arguments);
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        using var timeout = new CancellationTokenSource(Patience);
        await process.WaitForExitAsync(timeout.Token);
        return new ProcessOutcome(process.ExitCode, await output, await error);
    }

    /// <summary>SIGKILL after some time, wherever the run may be then.</summary>
    /// <returns>False when the run had ended before.</returns>
    public static async Task<bool> RunAndKillAsync(
        string project,
        IReadOnlyDictionary<string, string> environment,
        TimeSpan after,
        params string[] arguments
    )
    {
        using var process = Start(project, environment, arguments);
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        using var alarm = new CancellationTokenSource(after);
        var ended = true;
        try
        {
            await process.WaitForExitAsync(alarm.Token);
        }
        catch (OperationCanceledException)
        {
            ended = false;
            process.Kill();
            await process.WaitForExitAsync();
        }
        await Task.WhenAll(output, error);
        return !ended;
    }

    private static Process Start(
        string project,
        IReadOnlyDictionary<string, string> environment,
        string[] arguments
    )
    {
        var start = StrataProgram.Start(project, arguments);
        start.RedirectStandardInput = true;
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        start.Environment["NO_COLOR"] = "1";
        var process = Process.Start(start) ?? throw new InvalidOperationException("strata did not start");
        process.StandardInput.Close();
        return process;
    }
}
