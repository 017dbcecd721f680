using System.Diagnostics;

namespace Strata.Testing;

/// <summary>Calls scripts/postgres.sh, with a home folder of this process's own.</summary>
internal static class PostgresScript
{
    public static readonly string[] VariableNames =
    [
        "STRATA_PG_HOST",
        "STRATA_PG_PORT",
        "STRATA_PG_USER",
        "STRATA_PG_PASSWORD",
        "STRATA_PG_DATABASE",
    ];

    private static readonly string Home = Path.Combine(
        Path.GetTempPath(),
        $"strata-test-postgres-{Environment.ProcessId}"
    );

    public static bool IsServerInstalled() => Run("find").ExitCode == 0;

    /// <summary>Starts a cluster; the script itself removes it when this process has gone, however it went.</summary>
    public static IReadOnlyDictionary<string, string> StartForThisProcess()
    {
        var start = Run("start");
        if (start.ExitCode != 0)
            throw new InvalidOperationException($"scripts/postgres.sh start failed: {start.Error}");
        return Run("env")
            .Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split('=', 2))
            .ToDictionary(pair => pair[0], pair => pair[1].Trim());
    }

    private static (int ExitCode, string Output, string Error) Run(string command)
    {
        var start = new ProcessStartInfo("bash", [RepositoryRoot.Combine("scripts", "postgres.sh"), command])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        start.Environment["STRATA_PG_HOME"] = Home;
        start.Environment["STRATA_PG_OWNER"] = Environment.ProcessId.ToString();
        using var process = Process.Start(start) ?? throw new InvalidOperationException("bash did not start");
        process.StandardInput.Close();
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.GetAwaiter().GetResult());
    }
}
