using Strata.Cli.Session;
using Strata.Compiler.Manifest;
using Strata.Runner.Adapters;
using Strata.Runner.Quarantine;

namespace Strata.Cli.Commands.Quarantine;

/// <summary>The model or seed whose quarantine a command is about.</summary>
/// <param name="Rows">Which of its rows.</param>
internal sealed record QuarantinedNode(
    ProjectSession Project,
    AdapterSet Adapters,
    RelationNode Node,
    RowFilter Rows
)
{
    public IAdapter Adapter => Adapters.Adapters[Node.Connection];
}
