using System.Collections.Immutable;
using System.Globalization;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;
using Strata.Runner.Files;
using Strata.Runner.Materializations;

namespace Strata.Runner.Execution.Landing;

/// <summary>Before a model is built from nothing: whether rows would be lost, because the files that they came in are gone.</summary>
internal sealed class GoneFilesCheck(RunContext context, NodeStatements statements)
{
    public async Task CheckAsync(
        SessionPool.Lease lease,
        ConnectionRun on,
        ModelNode model,
        SourceNode source,
        DiagnosticBag problems,
        CancellationToken cancellationToken
    )
    {
        var landed = context.States.Landed[source.UniqueId];
        // without a table there is nothing to lose
        if (!GoneFiles.AreMissed(landed) || on.Find(model.Relation) is not { Kind: RelationKind.Table } table)
            return;
        var gone = await GoneFiles.FindAsync(context.States, model, landed, cancellationToken);
        if (gone.IsEmpty)
            return;
        ImmutableArray<string> paths = [.. gone.Select(file => file.Path)];
        var name = $"{source.SourceName}.{source.Name}";
        problems.Add(
            GoneFiles.AreKeptBy(model)
                ? FileDiagnostics.WouldLoseFiles(
                    model.Declaration,
                    model.Name,
                    name,
                    await CountAsync(lease, on, model, table, paths, cancellationToken),
                    paths
                )
                : FileDiagnostics.RowsVanished(model.Declaration, model.Name, name, paths)
        );
    }

    /// <summary>Where the model says of its rows which file they are of.</summary>
    private async Task<long?> CountAsync(
        SessionPool.Lease lease,
        ConnectionRun on,
        ModelNode model,
        RelationInfo table,
        ImmutableArray<string> paths,
        CancellationToken cancellationToken
    )
    {
        if (
            ColumnNames.Find([.. table.Columns.Select(column => column.Name)], IncrementalBatch.FileColumn)
            is not { } column
        )
            return null;
        var file = $"cast({on.Dialect.QuoteIdentifier(column)} as {on.Dialect.TypeName(SqlType.Text)})";
        var rows = await statements.QueryAsync(
            lease,
            model,
            $"select count(*) from {on.Dialect.Quote(table.Name)} where {file} in ({string.Join(", ", paths.Select(on.Dialect.QuoteString))})",
            1,
            cancellationToken
        );
        return Convert.ToInt64(rows.Scalar, CultureInfo.InvariantCulture);
    }
}
