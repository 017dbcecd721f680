using System.Collections.Immutable;
using Strata.Cli.CommandLine;
using Strata.Runner.Planning;

namespace Strata.Cli.Commands.Executing;

public sealed class SeedCommand() : ExecutingCommand("seed", "load the CSV files of seeds/", RunCommand.Seed)
{
    public override string Details =>
        "Loads seeds as tables, those that changed since they were last loaded. 'strata build' does this as well; "
        + "here no tests run and no models are built.";

    public override ImmutableArray<CommandExample> Examples =>
        [
            new("strata seed", "every seed that changed"),
            new("strata seed -s products --full-refresh", "one seed, even if it did not change"),
        ];
}
