namespace Strata.Cli.CommandLine;

/// <summary>How a run behaves; for the commands that execute a plan.</summary>
public sealed class RunFlags
{
    public Flag<bool> FullRefresh { get; } =
        new(
            FlagGroup.Running,
            "--full-refresh",
            "-f",
            null,
            "rebuild incremental models and seeds from nothing"
        );

    public Flag<bool> FailFast { get; } =
        new(FlagGroup.Running, "--fail-fast", "-x", null, "stop everything at the first failure");

    public Flag<bool> Json { get; } =
        new(FlagGroup.Output, "--json", null, null, "one JSON event per line on stdout");

    public IEnumerable<IFlag> All => [FullRefresh, FailFast, Json];
}
