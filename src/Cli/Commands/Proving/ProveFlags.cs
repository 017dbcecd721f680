using Strata.Cli.CommandLine;
using Strata.Runner.Proving;

namespace Strata.Cli.Commands.Proving;

/// <summary>How hard models are tried, and on which rows.</summary>
public sealed class ProveFlags
{
    public Flag<int?> Rows { get; } =
        new(
            FlagGroup.Running,
            "--rows",
            null,
            "n",
            $"how many rows to take of each input (default: {ProofOptions.DefaultRows})"
        )
        {
            EnvironmentVariable = null,
        };

    public Flag<int?> Seed { get; } =
        new(FlagGroup.Running, "--seed", null, "n", "the seed of all shuffles (default: 1)")
        {
            EnvironmentVariable = null,
        };

    public Flag<int?> Schedules { get; } =
        new(
            FlagGroup.Running,
            "--schedules",
            null,
            "n",
            "how many ways of arriving to try (default: one of each kind)"
        )
        {
            EnvironmentVariable = null,
        };

    public Flag<string?> Fixture { get; } =
        new(
            FlagGroup.Running,
            "--fixture",
            null,
            "name",
            "take the rows of this unit test of the model instead of real ones"
        )
        {
            EnvironmentVariable = null,
        };

    public Flag<bool> Json { get; } =
        new(FlagGroup.Output, "--json", null, null, "one JSON object per model on stdout")
        {
            EnvironmentVariable = null,
        };

    public IEnumerable<IFlag> All => [Rows, Seed, Schedules, Fixture, Json];
}
