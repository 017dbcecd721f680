using System.Collections.Immutable;
using Strata.Cli.CommandLine;

namespace Strata.Cli.Commands;

public sealed class SourceCommand()
    : CommandGroup("source", "is what others load still coming in?", new SourceFreshnessCommand())
{
    public override string Details => "What others load into the project's sources, and how old it is.";

    public override ImmutableArray<CommandExample> Examples =>
        [
            new("strata source freshness", "every source that has a limit"),
            new("strata source freshness --history", "how old they were before"),
        ];
}
