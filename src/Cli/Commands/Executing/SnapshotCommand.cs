using System.Collections.Immutable;
using Strata.Cli.CommandLine;
using Strata.Runner.Planning;

namespace Strata.Cli.Commands.Executing;

public sealed class SnapshotCommand()
    : ExecutingCommand("snapshot", "take snapshots: add what has changed to histories", RunCommand.Snapshot)
{
    public override string Details =>
        "Compares the relations of snapshots with their histories and adds what has changed. 'strata build' does this as "
        + "well; this command builds no models. --full-refresh does not touch a history.";

    public override ImmutableArray<CommandExample> Examples =>
        [
            new("strata snapshot", "every snapshot whose relation may have changed"),
            new("strata snapshot -s customers_history", "one snapshot"),
        ];
}
