namespace Strata.Compiler.Diagnostics;

/// <summary>ST9xxx: our own bugs.</summary>
public static class InternalDiagnostics
{
    public static Diagnostic Unexpected(Exception exception) =>
        new("ST9001", Severity.Error, null, $"strata itself failed: {exception.Message}")
        {
            Details =
            [
                exception.GetType().FullName ?? exception.GetType().Name,
                .. (exception.StackTrace ?? "")
                    .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                    .Take(12),
            ],
            Hint = "this is a bug in strata: please report it with these lines and the command",
        };
}
