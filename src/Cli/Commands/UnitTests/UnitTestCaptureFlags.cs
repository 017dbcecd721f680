using Strata.Cli.CommandLine;

namespace Strata.Cli.Commands.UnitTests;

/// <summary>What is captured, and under which name.</summary>
public sealed class UnitTestCaptureFlags
{
    public Flag<int?> Limit { get; } =
        new(
            FlagGroup.Selection,
            "--limit",
            null,
            "n",
            "capture: how many rows of the model's first input (default: 10)"
        );

    public Flag<string?> Where { get; } =
        new(FlagGroup.Selection, "--where", null, "sql", "capture: a condition on the model's first input")
        {
            EnvironmentVariable = null,
        };

    public Flag<string?> Name { get; } =
        new(
            FlagGroup.Output,
            "--name",
            null,
            "name",
            "capture: the name of the unit test (default: <model>_captured)"
        )
        {
            EnvironmentVariable = null,
        };

    public Flag<bool> Force { get; } =
        new(FlagGroup.Output, "--force", null, null, "capture: overwrite existing files")
        {
            EnvironmentVariable = null,
        };

    public IEnumerable<IFlag> All => [Limit, Where, Name, Force];
}
