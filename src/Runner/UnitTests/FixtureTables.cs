using System.Collections.Immutable;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;
using Strata.Compiler.Manifest.Tests;
using Strata.Compiler.Rendering.Linking;
using Strata.Compiler.Sql;
using Strata.Compiler.Text;
using Strata.Runner.Adapters;
using Strata.Runner.Adapters.Bulk;
using Strata.Runner.Adapters.Errors;
using Strata.Runner.Binding;
using Strata.Runner.Execution;
using Strata.Runner.Feeds;
using Strata.Runner.Seeds;

namespace Strata.Runner.UnitTests;

/// <summary>Makes the tables that a unit test's model reads in place of the real ones.</summary>
internal sealed class FixtureTables(PrivateEngine engine, InputTypes types, ProjectManifest manifest)
{
    private readonly CellValues _values = new(engine);

    /// <summary>The tables for everything that the test's query reads.</summary>
    /// <exception cref="NodeFailedException">The given rows do not fit.</exception>
    public async Task<ImmutableArray<FixtureTable>> CreateAsync(
        UnitTestNode test,
        CancellationToken cancellationToken
    )
    {
        var tables = ImmutableArray.CreateBuilder<FixtureTable>();
        var schemas = new Dictionary<string, List<string>>(StringComparer.OrdinalIgnoreCase);
        var model = manifest.Find<ModelNode>(test.Model);
        foreach (var key in test.Sql.References.Select(InputBinding.KeyOf).Distinct())
        {
            var node =
                manifest.Find<RelationNode>(key.NodeId)
                ?? throw new InvalidOperationException($"'{key.NodeId}' is no relation of the project");
            var input = InputOf(test, key);
            var columns = await types.ColumnsOfAsync(key.NodeId, model, cancellationToken);
            if (key.Kind == ReferenceKind.Changes)
                columns = columns with { Columns = InputTypes.WithChanges(engine.Dialect, columns.Columns) };
            // relations of one name, from different schemas, need a schema each
            var schema = await FreeSchemaAsync(schemas, node.Relation.Name, cancellationToken);
            var table = new RelationName(schema, node.Relation.Name);
            tables.Add(await CreateAsync(key, node, input, columns, table, cancellationToken));
        }
        return tables.ToImmutable();
    }

    /// <summary>The rows of a test that are written as a query, as a table's columns.</summary>
    public Task<ImmutableArray<ColumnSchema>> DescribeAsync(
        CompiledSql sql,
        CancellationToken cancellationToken
    ) =>
        GuardAsync(
            sql.Unbound(),
            session => session.DescribeQueryAsync(sql.Text, cancellationToken),
            cancellationToken
        );

    private static UnitTestInput? InputOf(UnitTestNode test, (ReferenceKind Kind, string NodeId) key) =>
        test.Given.FirstOrDefault(input => input.NodeId == key.NodeId && KindOf(input) == key.Kind)
        ?? (
            key.Kind == ReferenceKind.Changes
                ? test.Given.FirstOrDefault(input =>
                    input.NodeId == key.NodeId && KindOf(input) == ReferenceKind.Ref
                )
                : null
        );

    private static ReferenceKind KindOf(UnitTestInput input) =>
        input.Kind == ReferenceKind.Source ? ReferenceKind.Ref : input.Kind;

    private async Task<string> FreeSchemaAsync(
        Dictionary<string, List<string>> schemas,
        string table,
        CancellationToken cancellationToken
    )
    {
        var free = schemas.FirstOrDefault(pair =>
            !pair.Value.Contains(table, StringComparer.OrdinalIgnoreCase)
        );
        var schema = free.Key ?? await engine.NewSchemaAsync(cancellationToken);
        if (free.Key is null)
            schemas[schema] = [];
        schemas[schema].Add(table);
        return schema;
    }

    private async Task<FixtureTable> CreateAsync(
        (ReferenceKind Kind, string NodeId) key,
        RelationNode node,
        UnitTestInput? input,
        InputColumns known,
        RelationName table,
        CancellationToken cancellationToken
    )
    {
        var rows = input?.Rows ?? (key.Kind == ReferenceKind.This ? null : RowsOfSeed(node as SeedNode));
        var what = input?.Text ?? node.Name;
        if (rows?.Sql is { } sql)
            return await FromQueryAsync(key, input, what, sql, known, table, cancellationToken);
        var given = rows?.Columns ?? [];
        CheckColumns(what, known, given);
        ImmutableArray<ColumnSchema> typed =
        [
            .. given.Select(
                (column, i) =>
                    known.Find(column.Name)
                    ?? new ColumnSchema(column.Name, InferredType(rows?.Rows.Select(row => row[i]) ?? []))
            ),
        ];
        // the rows of a seed's file become what they become in a build
        if (input?.Rows is { } written)
            _values.Check(typed, written.Rows);
        var lacking = Without(known.Columns, typed);
        await MakeAsync(table, [.. typed, .. lacking], cancellationToken);
        if (rows is { Rows.IsEmpty: false } && !typed.IsEmpty)
            await FillAsync(table, typed, rows.Rows, cancellationToken);
        await FillChangesAsync(key, table, lacking, cancellationToken);
        return new FixtureTable(key, input, table, typed, WithoutChanges(key, lacking))
        {
            Guessed =
            [
                .. typed.Where(column => known.Find(column.Name) is null).Select(column => column.Name),
            ],
        };
    }

    private async Task<FixtureTable> FromQueryAsync(
        (ReferenceKind Kind, string NodeId) key,
        UnitTestInput? input,
        string what,
        CompiledSql sql,
        InputColumns known,
        RelationName table,
        CancellationToken cancellationToken
    )
    {
        var described = await DescribeAsync(sql, cancellationToken);
        var place = input?.Rows?.Declaration ?? default;
        CheckColumns(what, known, [.. described.Select(column => new UnitTestColumn(column.Name, place))]);
        ImmutableArray<ColumnSchema> typed =
        [
            .. described.Select(column => known.Find(column.Name) ?? column),
        ];
        await CheckValuesAsync(sql, described, typed, place, cancellationToken);
        var lacking = Without(known.Columns, typed);
        await MakeAsync(table, [.. typed, .. lacking], cancellationToken);
        var quoted = typed.Select(column => engine.Dialect.QuoteIdentifier(column.Name)).ToList();
        var casts = typed.Select((column, i) => $"cast({quoted[i]} as {column.Type})");
        var before =
            $"insert into {engine.Dialect.Quote(table)} ({string.Join(", ", quoted)})\nselect {string.Join(", ", casts)} from (\n";
        await GuardAsync(
            sql.Unbound(),
            session =>
                session.ExecuteAsync(
                    $"{before}{SqlShape.WithoutTerminator(sql.Text)}\n) as given",
                    cancellationToken
                ),
            cancellationToken,
            before.Length
        );
        await FillChangesAsync(key, table, lacking, cancellationToken);
        return new FixtureTable(key, input, table, typed, WithoutChanges(key, lacking));
    }

    private async Task CheckValuesAsync(
        CompiledSql sql,
        ImmutableArray<ColumnSchema> described,
        ImmutableArray<ColumnSchema> typed,
        SourceSpan place,
        CancellationToken cancellationToken
    )
    {
        ImmutableArray<ColumnSchema> cast =
        [
            .. typed.Where(
                (column, i) =>
                    !column.Type.Equals(described[i].Type, StringComparison.OrdinalIgnoreCase)
                    && LosslessCast.MayLose(column.Type, engine.Dialect.Engine)
            ),
        ];
        if (cast.IsEmpty)
            return;
        var before =
            $"select {string.Join(", ", cast.Select(column => engine.Dialect.QuoteIdentifier(column.Name)))} from (\n";
        var given = await GuardAsync(
            sql.Unbound(),
            session =>
                session.QueryAsync(
                    $"{before}{SqlShape.WithoutTerminator(sql.Text)}\n) as given",
                    int.MaxValue - 1,
                    cancellationToken
                ),
            cancellationToken,
            before.Length
        );
        ImmutableArray<Diagnostic> cut =
        [
            .. cast.Select(
                    (column, i) =>
                        CutValues.FindCut(
                            given.Rows.Select(row => row[i]),
                            place,
                            column,
                            engine.Dialect.Engine
                        )
                )
                .OfType<Diagnostic>(),
        ];
        if (!cut.IsEmpty)
            throw new NodeFailedException(cut);
    }

    private Task MakeAsync(
        RelationName table,
        ImmutableArray<ColumnSchema> columns,
        CancellationToken cancellationToken
    ) =>
        // a type that the engine does not know spoils this test, and not the transaction for the next one
        engine.TryAsync(
            session =>
                session.ExecuteAsync(
                    TableSql.Create(
                        engine.Dialect,
                        table,
                        // a table must have a column, also where nothing is known of it
                        columns.IsEmpty
                            ? [new ColumnSchema("_", engine.Dialect.TypeName(SqlType.Text))]
                            : columns
                    ),
                    cancellationToken
                ),
            cancellationToken
        );

    private async Task FillAsync(
        RelationName table,
        ImmutableArray<ColumnSchema> columns,
        ImmutableArray<ImmutableArray<UnitTestCell>> rows,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await engine.TryAsync(
                session =>
                    session.ExecuteAsync(
                        FixtureSql.Insert(engine.Dialect, table, columns, rows),
                        cancellationToken
                    ),
                cancellationToken
            );
        }
        catch (EngineException e)
        {
            throw new NodeFailedException(
                await _values.FindBadAsync(columns, rows, cancellationToken)
                    ?? e.Error.ToDiagnostic(engine.Dialect.Name, "the given rows")
            );
        }
    }

    /// <summary>Rows given for a relation, read as its changes, have all been inserted in one batch.</summary>
    private async Task FillChangesAsync(
        (ReferenceKind Kind, string NodeId) key,
        RelationName table,
        ImmutableArray<ColumnSchema> lacking,
        CancellationToken cancellationToken
    )
    {
        if (key.Kind != ReferenceKind.Changes)
            return;
        foreach (
            var (column, value) in new[]
            {
                (FeedTables.ChangeColumn, "'insert'"),
                (FeedTables.BatchColumn, "1"),
            }
        )
        {
            if (lacking.Any(one => one.Name == column))
                await engine.Session.ExecuteAsync(
                    $"update {engine.Dialect.Quote(table)} set {column} = {value}",
                    cancellationToken
                );
        }
    }

    private async Task<T> GuardAsync<T>(
        BoundSql body,
        Func<ISession, Task<T>> work,
        CancellationToken cancellationToken,
        int bodyOffset = 0
    )
    {
        try
        {
            return await engine.TryAsync(work, cancellationToken);
        }
        catch (EngineException e)
        {
            var position = Math.Max(0, (e.Error.Position ?? bodyOffset) - bodyOffset);
            throw new NodeFailedException(
                e.Error.ToDiagnostic(engine.Dialect.Name, "the given rows", body.FindOrigin(position)?.Span)
            );
        }
    }

    private static void CheckColumns(string what, InputColumns known, ImmutableArray<UnitTestColumn> given)
    {
        if (!known.IsComplete)
            return;
        ImmutableArray<Diagnostic> unknown =
        [
            .. given
                .Where(column => known.Find(column.Name) is null)
                .Select(column =>
                    UnitTestDiagnostics.UnknownColumn(
                        column.Span,
                        what,
                        column.Name,
                        [.. known.Columns.Select(one => one.Name)]
                    )
                ),
        ];
        if (!unknown.IsEmpty)
            throw new NodeFailedException(unknown);
    }

    private string InferredType(IEnumerable<UnitTestCell> cells)
    {
        if (FixtureSql.TypeOf(cells) is not { } type)
            return engine.Dialect.JsonType;
        return engine.Session.MapColumns([new TransferColumn("", type, "")])[0].Type;
    }

    private static ImmutableArray<ColumnSchema> Without(
        ImmutableArray<ColumnSchema> columns,
        ImmutableArray<ColumnSchema> given
    ) => [.. columns.Where(column => !given.Has(column.Name))];

    private static ImmutableArray<ColumnSchema> WithoutChanges(
        (ReferenceKind Kind, string NodeId) key,
        ImmutableArray<ColumnSchema> lacking
    ) =>
        key.Kind == ReferenceKind.Changes
            ?
            [
                .. lacking.Where(column =>
                    column.Name is not (FeedTables.ChangeColumn or FeedTables.BatchColumn)
                ),
            ]
            : lacking;

    // the file is a part of the project like the test itself
    private static UnitTestRows? RowsOfSeed(SeedNode? seed)
    {
        if (seed is null || SeedTable.Read(seed, new DiagnosticBag()) is not { } table)
            return null;
        SourceSpan place = seed.Source.Span(0, 0);
        return new UnitTestRows(place)
        {
            Columns = [.. table.Columns.Select(name => new UnitTestColumn(name, place))],
            Rows =
            [
                .. table.Rows.Select(row =>
                    row.Select(field => new UnitTestCell(
                            field.Value,
                            field.Value,
                            false,
                            seed.Source.Span(field.Span)
                        ))
                        .ToImmutableArray()
                ),
            ],
        };
    }
}
