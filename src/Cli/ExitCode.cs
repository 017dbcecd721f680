namespace Strata.Cli;

/// <summary>How <c>strata</c> ends.</summary>
public static class ExitCode
{
    /// <summary>All good; warnings are allowed.</summary>
    public const int Ok = 0;

    /// <summary>The tool worked, but the project's models or tests failed, or the project has errors.</summary>
    public const int ProjectFailed = 1;

    /// <summary>The tool could not do its work: wrong usage, no project, no connection, a lock that is held.</summary>
    public const int CouldNotRun = 2;

    /// <summary>A second Ctrl-C: the process left at once, as shells expect of SIGINT.</summary>
    public const int Interrupted = 130;
}
