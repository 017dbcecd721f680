using Strata.Runner.Results;

namespace Strata.Cli.Session;

/// <summary>Whose fault it is: the project's (1), or the circumstances' (2).</summary>
public static class RunExitCode
{
    public static int Of(RunResult result)
    {
        if (result.IsSuccess)
            return ExitCode.Ok;
        return result.CouldNotStart || result.LostItsLock ? ExitCode.CouldNotRun : ExitCode.ProjectFailed;
    }
}
