using Strata.Compiler.Diagnostics;
using Strata.Runner.Adapters;
using Strata.Runner.Adapters.Errors;
using Strata.Runner.Planning;
using Strata.Runner.Transfers;

namespace Strata.Runner.Execution.Staging;

/// <summary>
/// Refuses a plan whose transfers would lose something, before anything of it runs: wherever the producer is there
/// and this run does not touch it. What the run itself builds is looked at when it is staged.
/// </summary>
internal static class TransferCheck
{
    public static async Task RunAsync(
        RunRequest request,
        PlanGraph graph,
        EngineStates states,
        RunPlan plan,
        DiagnosticBag diagnostics,
        CancellationToken cancellationToken
    )
    {
        var built = plan
            .Nodes.Where(node => node.Action is not (PlannedAction.None or PlannedAction.Test))
            .Select(node => node.Id)
            .ToHashSet();
        var due = graph.Transfers.Where(transfer =>
            built.Contains(transfer.Id)
            && !built.Contains(transfer.Producer.UniqueId)
            && states.Find(transfer.Producer.Connection, transfer.Producer.Relation) is not null
        );
        foreach (
            var transfers in due.GroupBy(transfer => (transfer.Producer.Connection, To: transfer.Connection))
        )
        {
            try
            {
                var (from, to) = (
                    request.Adapters[transfers.Key.Connection],
                    request.Adapters[transfers.Key.To]
                );
                await using var source = await from.OpenSessionAsync(cancellationToken);
                await using var target = await to.OpenSessionAsync(cancellationToken);
                foreach (var transfer in transfers)
                {
                    var sql = $"select * from {from.Dialect.Quote(transfer.Producer.Relation)}";
                    var columns = await source.DescribeTransferAsync(sql, cancellationToken);
                    diagnostics.AddRange(
                        ColumnRefusals.Of(request.Manifest, transfer, to.Dialect, target.MapColumns(columns))
                    );
                }
            }
            catch (EngineException)
            {
                // a broken view, a lost connection: the transfer itself runs into it, and says so at its place
            }
        }
    }
}
