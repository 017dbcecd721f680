using System.Collections.Immutable;
using Strata.Cli.CommandLine;
using Strata.Runner.Planning;

namespace Strata.Cli.Commands.Executing;

public sealed class BuildCommand()
    : ExecutingCommand("build", "build and test seeds and models", RunCommand.Build)
{
    public override string Details =>
        "Stages every node, runs its tests on the stage, and only then shows it to readers. When a test fails, readers still see "
        + "what they saw before, and what is downstream is skipped. Nodes that have not changed since the last build are "
        + "fresh and cost nothing, except that tests which depend on the time run again.";

    public override ImmutableArray<CommandExample> Examples =>
        [
            new("strata build", "everything that is not fresh"),
            new("strata build -s +daily_sales", "one model and what it reads"),
            new("strata build -s orders+ --full-refresh", "from nothing, with all that reads it"),
            new("strata build --exclude tag:slow --fail-fast", "stop at the first failure"),
            new("strata build --json > events.jsonl", "for programs: one event per line"),
        ];
}
