using System.Collections.Immutable;
using Strata.Cli.CommandLine;

namespace Strata.Cli.Commands;

public sealed class SourceCommand()
    : CommandGroup("source", "check that what others load still comes in", new SourceFreshnessCommand())
{
    public override string Details => "Looks at what others load into the project's sources.";

    public override ImmutableArray<CommandExample> Examples =>
        [
            new("strata source freshness", "every source that has a limit"),
            new("strata source freshness --history", "how old they were before"),
        ];
}
