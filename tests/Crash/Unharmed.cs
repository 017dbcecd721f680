namespace Strata.Crash;

/// <summary>What builds that nobody disturbs make of the project, once for all tests.</summary>
internal sealed class Unharmed
{
    public static readonly Unharmed AcrossEngines = new(CrashProject.New);
    public static readonly Unharmed InDuckDb = new(CrashProject.InDuckDb);

    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly Func<CrashProject> _create;
    private readonly List<string> _dumps = [];
    private CrashProject? _builtOnce;
    private CrashProject? _last;

    private Unharmed(Func<CrashProject> create)
    {
        _create = create;
        AppDomain.CurrentDomain.ProcessExit += (_, _) =>
        {
            _builtOnce?.Dispose();
            _last?.Dispose();
        };
    }

    /// <summary>Everything after so many files, each taken in by a build of its own.</summary>
    public async Task<string> AfterAsync(int files)
    {
        await _gate.WaitAsync();
        try
        {
            var first = await FirstAsync();
            while (_dumps.Count < files)
            {
                _last ??= first.Copy();
                _last.Land();
                await _last.BuildWellAsync();
                _dumps.Add(_last.Dump());
            }
            return _dumps[files - 1];
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>A project after its first build, without the time that building it takes.</summary>
    public async Task<CrashProject> CopyAsync()
    {
        await _gate.WaitAsync();
        try
        {
            return (await FirstAsync()).Copy();
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task<CrashProject> FirstAsync()
    {
        if (_builtOnce is not null)
            return _builtOnce;
        var project = _create();
        await project.BuildWellAsync();
        _dumps.Add(project.Dump());
        return _builtOnce = project;
    }
}
