using System.Collections.Immutable;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;
using Strata.Runner.Files;
using Strata.Runner.State;

namespace Strata.Runner.Execution.Landing;

/// <summary>Before a model is built from nothing: whether rows would be lost, because the files that they came in are gone.</summary>
internal sealed class GoneFilesCheck(RunContext context, NodeStatements statements)
{
    private readonly GoneRows _rows = new(statements);

    /// <param name="lease">Null for a model that loses its rows in any case, so that they need not be counted.</param>
    /// <param name="within">Which rows of the model are built again; null where it is built from nothing.</param>
    public async Task CheckAsync(
        SessionPool.Lease? lease,
        ConnectionRun on,
        ModelNode model,
        SourceNode source,
        DiagnosticBag problems,
        CancellationToken cancellationToken,
        string? within = null
    )
    {
        var landed = context.States.Landed[source.UniqueId];
        if (!GoneFiles.AreMissed(landed))
            return;
        await CheckLeftAsync(model, source, landed, problems, cancellationToken);
        // without a table there is nothing to lose
        if (on.Find(model.Relation) is not { Kind: RelationKind.Table } table)
            return;
        var isKept = GoneFiles.AreKeptBy(model);
        var lost = await LostContent.FindAsync(
            GoneFiles.Taken(context.States, model, landed),
            landed,
            isKept,
            cancellationToken
        );
        var name = $"{source.SourceName}.{source.Name}";
        if (!lost.Gone.IsEmpty && isKept && lease is not null)
        {
            var holder = GoneFiles.HolderOf(context.States, model);
            var rows = await _rows.CountAsync(
                lease,
                on,
                model,
                table,
                within,
                holder,
                lost.Gone,
                cancellationToken
            );
            if (rows != 0)
                problems.Add(
                    within is null
                        ? FileDiagnostics.WouldLoseFiles(
                            model.Declaration,
                            model.Name,
                            name,
                            rows,
                            Paths(lost.Gone)
                        )
                        : FileDiagnostics.PeriodsWouldLoseFiles(
                            model.Declaration,
                            model.Name,
                            name,
                            rows,
                            GoneRows.FileColumn(table) is not null,
                            Paths(lost.Gone)
                        )
                );
        }
        else if (!lost.Gone.IsEmpty)
        {
            problems.Add(
                FileDiagnostics.RowsVanished(
                    model.Declaration,
                    model.Name,
                    name,
                    Paths(lost.Gone),
                    model.Config.FullRefresh == true
                        && model.Config.Materialized is Materialization.Incremental or Materialization.Cdc
                )
            );
        }
        // periods are built again because files have other content
        if (isKept && within is null && !lost.Rewritten.IsEmpty)
            problems.Add(
                FileDiagnostics.ContentGone(model.Declaration, model.Name, name, Paths(lost.Rewritten))
            );
    }

    /// <summary>Rows that a model under a new name will not have, and the old relation has.</summary>
    private async Task CheckLeftAsync(
        ModelNode model,
        SourceNode source,
        LandingZone landed,
        DiagnosticBag problems,
        CancellationToken cancellationToken
    )
    {
        if (
            !GoneFiles.AreKeptBy(model)
            || GoneFiles.FindFormerHome(context.States, model) is not var (connection, relation)
        )
            return;
        var lost = await LostContent.FindAsync(
            GoneFiles.Taken(context.States, connection, model.UniqueId, model, landed),
            landed,
            isKept: true,
            cancellationToken
        );
        if (!lost.Gone.IsEmpty)
            problems.Add(
                FileDiagnostics.RowsLeft(
                    model.Declaration,
                    model.Name,
                    $"{source.SourceName}.{source.Name}",
                    model.Relation.ToString(),
                    connection == model.Connection ? $"{relation}" : $"{relation} on '{connection}'",
                    Paths(lost.Gone)
                )
            );
    }

    private static ImmutableArray<string> Paths(ImmutableArray<ConsumedFile> files) =>
        [.. files.Select(file => file.Path)];
}
