using Strata.Cli.CommandLine;
using Strata.Runner.Quarantine;

namespace Strata.Cli.Commands.Quarantine;

/// <summary>Which rows of a model are meant, of those that expectations diverted.</summary>
public sealed class QuarantineRowFlags
{
    public Flag<string?> Run { get; } =
        new(FlagGroup.Selection, "--run", null, "run id", "only rows that this run diverted")
        {
            EnvironmentVariable = null,
        };

    public Flag<string?> Reason { get; } =
        new(FlagGroup.Selection, "--reason", null, "test", "only rows that failed the test of this name")
        {
            EnvironmentVariable = null,
        };

    public Flag<string[]> Ids { get; } =
        new(FlagGroup.Selection, "--id", null, "id ...", "only these rows, by _quarantine_id")
        {
            AllowMultipleArgumentsPerToken = true,
            EnvironmentVariable = null,
        };

    public IEnumerable<IFlag> All => [Run, Reason, Ids];

    public RowFilter Filter(CommandContext context) =>
        new(context.Get(Run), context.Get(Reason), [.. context.Get(Ids) ?? []]);
}
