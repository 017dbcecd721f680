using System.Diagnostics;

namespace Strata.Runner.Statements;

/// <summary>
/// A process's turn to write at the end of a file, until it is disposed: a lock on a byte far behind what a file can hold, so that readers are not
/// held up. On macOS, which has no such locks in .NET, and on file systems without them, it is always everybody's turn.
/// </summary>
internal readonly struct FileTurn : IDisposable
{
    private const long Place = long.MaxValue - 1;

    /// <summary>Another one's turn is as long as one write: a process that takes longer has been stopped within it.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    private readonly FileStream? _locked;

    private FileTurn(FileStream? locked) => _locked = locked;

    /// <exception cref="IOException">Another process does not give it back.</exception>
    public static FileTurn Take(Stream file)
    {
        if (OperatingSystem.IsMacOS() || file is not FileStream shared)
            return default;
        var waited = Stopwatch.StartNew();
        var spin = new SpinWait();
        while (true)
        {
            try
            {
                shared.Lock(Place, 1);
                return new FileTurn(shared);
            }
            catch (IOException e) when (!IsTaken(e))
            {
                return default;
            }
            catch (IOException) when (waited.Elapsed < s_patience)
            {
                spin.SpinOnce();
            }
        }
    }

    public void Dispose()
    {
        if (!OperatingSystem.IsMacOS())
            _locked?.Unlock(Place, 1);
    }

    // EAGAIN, ERROR_LOCK_VIOLATION
    private static bool IsTaken(IOException e) =>
        e.HResult == (OperatingSystem.IsWindows() ? unchecked((int)0x80070021) : 11);
}
