using System.Collections.Immutable;
using Strata.Cli.CommandLine;
using Strata.Compiler.Diagnostics;
using Strata.Runner.Adapters.Errors;

namespace Strata.Cli.Session;

/// <summary>
/// Begins a command anew once another run, which had a lock that it needs, has ended; as long as <c>--wait</c> allows. It is compiled again then,
/// so that its start, its name and what it reads are of the time when it could run. Nothing is held meanwhile.
/// </summary>
internal sealed class LockWait
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly CommandContext _context;
    private readonly string? _typed;
    private readonly TimeSpan _limit;
    private readonly long _start;
    private ProjectSession? _project;
    private ImmutableArray<string> _held = [];
    private bool _isTold;

    private LockWait(CommandContext context, string? typed, TimeSpan limit)
    {
        (_context, _typed, _limit) = (context, typed, limit);
        _start = context.Host.Time.GetTimestamp();
    }

    /// <summary>Whether the command has been begun before.</summary>
    public bool IsAgain { get; private set; }

    private TimeSpan Left => _limit - _context.Host.Time.GetElapsedTime(_start);

    /// <param name="attempt">The whole command; ends where <see cref="PutsOff"/> says so.</param>
    public static async Task<int> RunAsync(
        CommandContext context,
        WaitFlag flag,
        Func<LockWait, Task<int>> attempt
    )
    {
        if (flag.Read(context) is not { } limit)
            return ExitCode.CouldNotRun;
        var wait = new LockWait(context, context.Get(flag.Flag), limit);
        while (true)
        {
            var exitCode = await attempt(wait);
            if (wait._project is not { } project)
                return exitCode;
            await wait.UntilFreeAsync(project);
            (wait._project, wait.IsAgain) = (null, true);
        }
    }

    /// <summary>Whether problems that kept the command from doing anything are a lock that is worth waiting for; they are not shown then.</summary>
    public bool PutsOff(ProjectSession project, IReadOnlyCollection<Diagnostic> problems)
    {
        _held =
        [
            .. project.Manifest.Connections.Keys.Where(name =>
                problems.Any(problem => InputDiagnostics.IsRunLockHeld(problem, name))
            ),
        ];
        if (_held.IsEmpty || Left <= TimeSpan.Zero)
            return false;
        if (!_isTold)
        {
            var holder = problems.First(problem => InputDiagnostics.IsRunLockHeld(problem, _held[0])).Details;
            _context.Remark(
                $"another run is writing to connection '{_held[0]}', waiting {_typed} at most: {string.Join(' ', holder)}"
            );
            _context.Error.Flush();
        }
        (_project, _isTold) = (project, true);
        return true;
    }

    private async Task UntilFreeAsync(ProjectSession project)
    {
        while (Left is var left && left > TimeSpan.Zero)
        {
            await Task.Delay(left < Pause ? left : Pause, _context.Host.Time, _context.Cancellation);
            if (await AreFreeAsync(project))
                return;
        }
    }

    private async Task<bool> AreFreeAsync(ProjectSession project)
    {
        // opened anew each time: a DuckDB file that is kept open is kept from the run that is waited for
        await using var adapters = project.OpenAdapters(_context);
        if (adapters is null)
            return true;
        foreach (var connection in _held)
        {
            try
            {
                await using var held = await adapters
                    .Adapters[connection]
                    .TryLockStateAsync(project.RunId, _context.Cancellation);
                if (held is null)
                    return false;
            }
            catch (EngineException)
            {
                // the command will say what is wrong
                return true;
            }
        }
        return true;
    }
}
