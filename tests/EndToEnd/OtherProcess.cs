using System.Diagnostics;

namespace Strata.EndToEnd;

/// <summary>The built program in a process of its own, beside the commands of the case.</summary>
internal sealed class OtherProcess : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private Process? _process;

    /// <summary>Starts it and waits until it has printed its first line.</summary>
    public async Task StartAsync(
        IReadOnlyList<string> args,
        string folder,
        IReadOnlyDictionary<string, string> environment
    )
    {
        var start = StrataProgram.Start(folder, args);
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        _process = Process.Start(start) ?? throw new InvalidOperationException("strata did not start");
        var error = _process.StandardError.ReadToEndAsync();
        using var patience = new CancellationTokenSource(Patience);
        if (await _process.StandardOutput.ReadLineAsync(patience.Token) is null)
            throw new InvalidOperationException(
                $"the process ended before it printed anything: {await error}"
            );
    }

    public void Kill()
    {
        if (_process is null)
            return;
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        _process = null;
    }

    public void Dispose() => Kill();
}
