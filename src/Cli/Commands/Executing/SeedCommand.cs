using System.Collections.Immutable;
using Strata.Cli.CommandLine;
using Strata.Runner.Planning;

namespace Strata.Cli.Commands.Executing;

public sealed class SeedCommand() : ExecutingCommand("seed", "load the CSV files of seeds/", RunCommand.Seed)
{
    public override string Details =>
        "Loads the seeds that changed since they were last loaded, each as a table. 'strata build' does this as well; "
        + "this command runs no tests and builds no models.";

    public override ImmutableArray<CommandExample> Examples =>
        [
            new("strata seed", "every seed that changed"),
            new("strata seed -s products --full-refresh", "one seed, even if it did not change"),
        ];
}
