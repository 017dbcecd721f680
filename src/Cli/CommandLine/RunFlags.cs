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

    public Flag<bool> UpdateBaselines { get; } =
        new(
            FlagGroup.Running,
            "--update-baselines",
            null,
            null,
            "let tests that remember earlier runs accept what they find now as normal"
        )
        {
            EnvironmentVariable = null,
        };

    public Flag<string> EventTimeStart { get; } =
        new(
            FlagGroup.Running,
            "--event-time-start",
            null,
            "instant",
            "build the batches of microbatch models from this time on, such as 2026-11-01"
        );

    public Flag<string> EventTimeEnd { get; } =
        new(
            FlagGroup.Running,
            "--event-time-end",
            null,
            "instant",
            "up to this time, exclusive (default: now)"
        );

    public Flag<bool> Json { get; } =
        new(FlagGroup.Output, "--json", null, null, "one JSON event per line on stdout");

    public WaitFlag Wait { get; } = new();

    public IReadOnlyList<IFlag> EventTime => [EventTimeStart, EventTimeEnd];

    public Flag<string[]> Report { get; } =
        new(
            FlagGroup.Output,
            "--report",
            null,
            "report",
            "also write junit=<file>, html=<file> or json=<file>, or print annotations: github; none turns reports off"
        );

    public IEnumerable<IFlag> All =>
        [FullRefresh, EventTimeStart, EventTimeEnd, FailFast, Wait.Flag, UpdateBaselines, Json, Report];
}
