namespace Strata.ReferenceProject.Tests;

internal sealed record ProcessOutcome(int ExitCode, string Output, string Error)
{
    /// <summary>Fails with everything that the program said, unless it ended with the expected code.</summary>
    public ProcessOutcome ShouldExitWith(int code)
    {
        ExitCode.ShouldBe(code, $"stdout:\n{Output}\nstderr:\n{Error}");
        return this;
    }
}
