using System.Diagnostics;

namespace Strata.Crash;

/// <summary>One run of <c>strata</c> as a process of its own, so that it can be killed.</summary>
internal sealed class StrataProcess : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private readonly Process _process;
    private readonly Task<string> _output;
    private readonly Task<string> _error;

    public StrataProcess(
        string folder,
        IReadOnlyDictionary<string, string> environment,
        params string[] words
    )
    {
        var start = StrataProgram.Start(folder, words);
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        _process = Process.Start(start) ?? throw new InvalidOperationException("strata did not start");
        _output = _process.StandardOutput.ReadToEndAsync();
        _error = _process.StandardError.ReadToEndAsync();
    }

    public bool HasExited => _process.HasExited;

    public async Task<(int ExitCode, string Output)> EndAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        await _process.WaitForExitAsync(patience.Token);
        return (_process.ExitCode, await _output + await _error);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }
}
