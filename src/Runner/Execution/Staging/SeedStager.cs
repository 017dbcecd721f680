using System.Collections.Immutable;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;
using Strata.Runner.Adapters.Bulk;
using Strata.Runner.Adapters.Errors;
using Strata.Runner.Binding;
using Strata.Runner.Materializations;
using Strata.Runner.Planning;
using Strata.Runner.Quarantine;
using Strata.Runner.Quarantine.Splitting;
using Strata.Runner.Seeds;

namespace Strata.Runner.Execution.Staging;

/// <summary>Reads a seed's file and loads it into the stage.</summary>
internal sealed class SeedStager(RunContext context, NodeStatements statements, RowDiverter diverter)
{
    public async Task<StagedNode> StageAsync(
        PlannedNode planned,
        SeedNode seed,
        CancellationToken cancellationToken
    )
    {
        var on = context.Connections[seed.Connection];
        var (table, types) = Read(seed, on.Dialect.Engine);
        if (table.Columns.FirstOrDefault(on.Dialect.IsSystemColumn) is { } hidden)
            throw new NodeFailedException(
                SqlDiagnostics.SystemColumn(
                    seed.Declaration,
                    $"the file of '{seed.Name}' has",
                    hidden,
                    on.Dialect.Name,
                    "give it another name in the file"
                )
            );
        await on.EnsureSchemaAsync(seed.Relation.Schema, cancellationToken);
        await on.EnsureStageSchemaAsync(seed.Relation.Schema, cancellationToken);
        context.Failpoints.Hit(FailpointName.StageBegun);
        await using var lease = await on.Sessions.RentAsync(cancellationToken);
        var place = StageScripts.TablePlace(on.Names, on.Capabilities, seed.Relation, on.Find(seed.Relation));
        var postImage = on.Names.PostImage(seed.Relation);
        if (place != postImage)
            on.AddSibling(place);

        var isCast = table.Columns.Any(column => Declared(seed, column) is not null);
        var loaded = isCast ? on.Names.Raw(seed.Relation) : place;
        await LoadAsync(lease, on, seed, table, types, loaded, cancellationToken);
        if (isCast)
        {
            var casts = table.Columns.Select(column =>
            {
                var name = on.Dialect.QuoteIdentifier(column);
                return Declared(seed, column) is { } type ? $"cast({name} as {type}) as {name}" : name;
            });
            var create = StageScripts.CreateTable(on.Dialect, on.Capabilities, place);
            var cast = $"{create} as select {string.Join(", ", casts)} from {on.Dialect.Quote(loaded)}";
            await statements.RunAsync(lease, seed, new ModelStatement(cast), cancellationToken);
        }
        if (place != postImage)
        {
            var alias = new ModelStatement(StageScripts.Alias(on.Dialect, postImage, place));
            await statements.RunAsync(lease, seed, alias, cancellationToken);
        }
        context.Failpoints.Hit(FailpointName.SeedAfter);
        var relation = new StagedRelation
        {
            Published = seed.Relation,
            Existing = on.Find(seed.Relation),
            Physical = place,
            PostImage = postImage,
            Columns = await statements.DescribeAsync(lease, on, seed, place, cancellationToken),
            Volatile = StagedNode.VolatileOf(seed),
            PublishedKey = PublishedKey.Of(context.States.StateOf(seed.UniqueId), seed.Fingerprint),
        };
        var diversion = await diverter.DivertAsync(lease, on, planned, seed, relation, cancellationToken);
        return new StagedNode
        {
            Node = planned,
            Fingerprint = seed.Fingerprint,
            Given = table.Rows.Length,
            Relation = relation with { Rows = await CountAsync(lease, on, seed, place, cancellationToken) },
            Quarantine = diversion.Quarantine,
            Quarantined = diversion.Quarantine?.Rows,
            Tests = diversion.Tests,
            Diagnostics = diversion.Diagnostics,
        };
    }

    private async Task<long> CountAsync(
        SessionPool.Lease lease,
        ConnectionRun on,
        SeedNode seed,
        RelationName place,
        CancellationToken cancellationToken
    )
    {
        var sql = StageScripts.CountRows(on.Dialect, place, []);
        var rows = await statements.QueryAsync(lease, seed, sql, 1, cancellationToken);
        return rows.ScalarLong;
    }

    private async Task LoadAsync(
        SessionPool.Lease lease,
        ConnectionRun on,
        SeedNode seed,
        SeedTable table,
        ImmutableArray<TransferType> types,
        RelationName place,
        CancellationToken cancellationToken
    )
    {
        ImmutableArray<TransferColumn> columns =
        [
            .. table.Columns.Zip(types, (name, type) => new TransferColumn(name, type, type.Kind.ToString())),
        ];
        var mapped = lease.Session.MapColumns(columns);
        var create = StageScripts.Table(
            on.Dialect,
            on.Capabilities,
            place,
            mapped.Select(column => new ColumnSchema(column.Column.Name, column.Type))
        );
        await statements.RunAsync(lease, seed, new ModelStatement(create), cancellationToken);
        try
        {
            await using var writer = await lease.Session.OpenWriterAsync(place, columns, cancellationToken);
            foreach (var batch in SeedBatches.Create(table, types))
                await writer.WriteAsync(batch, cancellationToken);
            await writer.CompleteAsync(cancellationToken);
        }
        catch (EngineException e)
        {
            lease.IsBroken = true;
            throw new NodeFailedException(statements.Explain(e.Error, seed));
        }
    }

    /// <summary>The records, and the type of each column: what its declaration makes of it, else what its values are.</summary>
    private static (SeedTable Table, ImmutableArray<TransferType> Types) Read(
        SeedNode seed,
        EngineType engine
    )
    {
        var diagnostics = new DiagnosticBag();
        var table =
            SeedTable.Read(seed, diagnostics) ?? throw new NodeFailedException(diagnostics.ToSorted());
        var types = ImmutableArray.CreateBuilder<TransferType>();
        for (var i = 0; i < table.Columns.Length; i++)
        {
            var fields = table.Rows.Select(row => row[i]).ToList();
            if (Declared(seed, table.Columns[i]) is not { } declared)
            {
                types.Add(SeedValues.Infer(fields.Select(field => field.Value)));
                continue;
            }
            var kind = SeedValues.KindOf(declared);
            foreach (var field in fields)
            {
                if (field.Value is { } value && !SeedValues.Fits(value, declared, engine))
                {
                    diagnostics.Add(
                        BuildDiagnostics.SeedValue(
                            seed.Source.Span(field.Span),
                            table.Columns[i],
                            value,
                            declared,
                            isCut: SeedValues.IsWritten(value, declared)
                                && LosslessCast.FindOtherSpelling(value, declared, engine) is null
                        )
                    );
                }
            }
            types.Add(new TransferType(kind ?? TransferKind.Text));
        }
        if (
            seed.ColumnTypes.Keys.FirstOrDefault(name =>
                !table.Columns.Contains(name, StringComparer.OrdinalIgnoreCase)
            ) is
            { } unknown
        )
        {
            diagnostics.Add(
                InputDiagnostics.UnknownColumn(
                    seed.Declaration,
                    seed.Name,
                    "column_types",
                    unknown,
                    table.Columns
                )
            );
        }
        if (diagnostics.HasErrors)
            throw new NodeFailedException(diagnostics.ToSorted());
        return (table, types.ToImmutable());
    }

    private static string? Declared(SeedNode seed, string column) =>
        seed
            .ColumnTypes.FirstOrDefault(pair => pair.Key.Equals(column, StringComparison.OrdinalIgnoreCase))
            .Value;
}
