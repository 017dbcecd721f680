namespace Strata.Compiler.Diagnostics;

/// <summary>ST708x: a run's lock after it was taken.</summary>
public static class RunLockDiagnostics
{
    public static Diagnostic LockLost(string connection) =>
        new("ST7080", Severity.Error, null, $"the run has lost its lock on connection '{connection}'")
        {
            Details =
            [
                "the server ended the connection that held it, so another run could have started;",
                "this run was stopped, and has published nothing there since",
            ],
            Hint = "run the same command again: it goes on from what is published",
        };
}
