using System.Collections.Immutable;
using Strata.Cli.CommandLine;
using Strata.Runner.Planning;

namespace Strata.Cli.Commands.Executing;

public sealed class RunModelsCommand() : ExecutingCommand("run", "build models only", RunCommand.Run)
{
    public override string Details =>
        "Like build, but without seeds and without tests that belong to no model. A model's own tests still "
        + "decide whether it is published.";

    public override ImmutableArray<CommandExample> Examples =>
        [
            new("strata run", "every model that is not fresh"),
            new("strata run -s path:models/gold", "the models of one folder"),
            new(
                "strata run -s orders --vars '{opening_day: 2026-11-02}'",
                "with another value of a variable"
            ),
        ];
}
