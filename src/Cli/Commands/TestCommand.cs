using System.Collections.Immutable;
using Strata.Cli.CommandLine;
using Strata.Runner.Planning;

namespace Strata.Cli.Commands;

public sealed class TestCommand()
    : ExecutingCommand("test", "test what is published, and models on given rows", RunCommand.Test)
{
    public override string Details =>
        "Runs the tests of the selected nodes on the relations that readers see now. Nothing is built. A failing "
        + "test shows how many rows failed, some of them, and the query that finds them all.\n\n"
        + "Unit tests run too: models on given rows, in memory. With 'test_type:unit' nothing else is touched.";

    public override ImmutableArray<CommandExample> Examples =>
        [
            new("strata test", "every test"),
            new("strata test -s orders", "the tests of one model"),
            new("strata test -s source:landing", "is what arrived in order?"),
            new("strata test -s test_type:unit", "the unit tests, without any warehouse"),
        ];
}
