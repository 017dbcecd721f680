using System.Collections.Immutable;
using Strata.Cli.CommandLine;
using Strata.Runner.Planning;

namespace Strata.Cli.Commands.Executing;

public sealed class BuildCommand()
    : ExecutingCommand("build", "build and test seeds and models", RunCommand.Build)
{
    public override string Details =>
        "Every node is staged, its tests run on the stage, and only then do readers see it. A failing test leaves "
        + "what readers see as it was and skips what is downstream. What has not changed since the last build is "
        + "fresh and costs nothing; tests about the time are asked again.";

    public override ImmutableArray<CommandExample> Examples =>
        [
            new("strata build", "everything that is not fresh"),
            new("strata build -s +daily_sales", "one model and what it reads"),
            new("strata build -s orders+ --full-refresh", "from nothing, with all that reads it"),
            new("strata build --exclude tag:slow --fail-fast", "stop at the first failure"),
            new("strata build --json > events.jsonl", "for programs: one event per line"),
        ];
}
