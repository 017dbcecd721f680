using System.Collections.Immutable;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;
using Strata.Compiler.Manifest.Models;
using Strata.Compiler.Manifest.Sources;
using Strata.Compiler.Rendering.Linking;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;
using Strata.Runner.Adapters.Bulk;
using Strata.Runner.Adapters.Errors;
using Strata.Runner.Feeds;
using Strata.Runner.Files;
using Strata.Runner.Files.Landing;
using Strata.Runner.Seeds;

namespace Strata.Runner.Binding;

/// <summary>
/// The columns and types of what models read, worked out from the project alone: declared types, else a seed's values,
/// a source's declaration, and for a model what its engine's own binder says of its query over empty tables of its
/// inputs, and so on upwards. Each node is looked at once. Used by one caller at a time.
/// </summary>
/// <param name="engine">A session on an engine of the models' kind.</param>
/// <param name="elsewhere">The columns of a node that is not here, in this engine's types.</param>
internal sealed class InputTypes(
    PrivateEngine engine,
    ProjectManifest manifest,
    Func<RelationNode, CancellationToken, Task<InputColumns>>? elsewhere
)
{
    private readonly Dictionary<
        (string NodeId, bool IsLanded),
        (InputColumns Columns, RelationName? Table)
    > _known = [];

    /// <summary>The only connection whose nodes are here; null for all of the engine's kind.</summary>
    public string? Connection { get; init; }

    /// <summary>
    /// What the engine says of a query counts for more than what YAML says of it without a contract; and a source
    /// whose columns are not declared is looked up on a server, which has it.
    /// </summary>
    public bool BelievesEngine { get; init; }

    /// <summary>The columns of a node, in the types of this engine.</summary>
    /// <param name="reader">The model that reads it: one that keeps rows sees more of landed files than a view does.</param>
    public async Task<InputColumns> ColumnsOfAsync(
        string nodeId,
        ModelNode? reader,
        CancellationToken cancellationToken
    ) => (await FindAsync(nodeId, reader, cancellationToken)).Columns;

    /// <summary>The columns of a node as they cross to another engine.</summary>
    public async Task<(ImmutableArray<TransferColumn> Columns, bool IsComplete)> TransferColumnsOfAsync(
        RelationNode node,
        CancellationToken cancellationToken
    )
    {
        var (columns, table) = await FindAsync(node.UniqueId, null, cancellationToken);
        if (table is not { } empty)
            return ([], false);
        var transferred = await engine.TryAsync(
            session =>
                session.DescribeTransferAsync(
                    $"select * from {engine.Dialect.Quote(empty)}",
                    cancellationToken
                ),
            cancellationToken
        );
        return (transferred, columns.IsComplete);
    }

    /// <summary>Takes what is known of a model's query as what its readers see of it.</summary>
    public async Task KeepAsync(ModelNode model, InputColumns query, CancellationToken cancellationToken)
    {
        var columns = Declared(model, Published(model, query));
        _known[(model.UniqueId, false)] = (
            columns,
            await TryCreateAsync(model.UniqueId, columns, cancellationToken)
        );
    }

    /// <summary>A query with empty tables in place of all that it reads.</summary>
    /// <param name="reader">The model that it is of; its own table has the columns that are known of it by now.</param>
    /// <returns>The ids of what it reads and is not known whole, besides.</returns>
    public async Task<(BoundSql Sql, ImmutableArray<string> Unknown)> BindAsync(
        CompiledSql sql,
        ModelNode? reader,
        CancellationToken cancellationToken
    )
    {
        var unknown = ImmutableArray.CreateBuilder<string>();
        var tables = new Dictionary<(ReferenceKind, string), RelationName>();
        foreach (var reference in sql.References.DistinctBy(InputBinding.KeyOf))
        {
            var (columns, table) = await FindAsync(reference.NodeId, reader, cancellationToken);
            if (!columns.IsComplete || table is null)
                unknown.Add(reference.NodeId);
            if (table is not { } empty)
                continue;
            tables[InputBinding.KeyOf(reference)] =
                reference.Kind == ReferenceKind.Changes
                    ? await CreateAsync(
                        empty.Name,
                        WithChanges(engine.Dialect, columns.Columns),
                        cancellationToken
                    )
                    : empty;
        }
        var bound = InputBinding.Bind(
            sql,
            manifest,
            engine.Dialect,
            key => tables.TryGetValue(key, out var table) ? table : null
        );
        return (bound, unknown.ToImmutable());
    }

    /// <summary>The columns of a node, and an empty table of them; null where there can be none.</summary>
    public async Task<(InputColumns Columns, RelationName? Table)> FindAsync(
        string nodeId,
        ModelNode? reader,
        CancellationToken cancellationToken
    )
    {
        var node = manifest.Find<RelationNode>(nodeId);
        var key = (
            nodeId,
            IsLanded: node is SourceNode { Files: not null }
                && reader?.Config.Materialized is { } kind
                && kind is Materialization.Table or Materialization.Incremental or Materialization.Cdc
        );
        if (_known.TryGetValue(key, out var known))
            return known;
        // a model that reads itself, say, finds nothing while it is looked at
        _known[key] = (InputColumns.Unknown, null);
        var columns = node is null
            ? InputColumns.Unknown
            : Declared(node, await InferAsync(node, key.IsLanded, cancellationToken));
        return _known[key] = (columns, await TryCreateAsync(nodeId, columns, cancellationToken));
    }

    private async Task<InputColumns> InferAsync(
        RelationNode node,
        bool isLanded,
        CancellationToken cancellationToken
    )
    {
        if (!IsHere(node))
            return elsewhere is null ? InputColumns.Unknown : await elsewhere(node, cancellationToken);
        return node switch
        {
            SeedNode seed => OfSeed(seed),
            SourceNode { Files: { } files } source => await DescribeAsync(
                isLanded
                    ? LandedQuery.OfNothing(files, engine.Dialect)
                    : FilesQuery.Create(
                        new LandingZone(source, []),
                        files,
                        engine.Dialect,
                        manifest.ProjectFolder,
                        DateTimeOffset.UnixEpoch,
                        0
                    ),
                // folders that name columns, and headers that add some, are seen in the files only
                isComplete: !files.HivePartitions
                    && !files.Columns.IsEmpty
                    && files.Undeclared != NewFileColumns.Add,
                cancellationToken
            ),
            // what a template asked its engine decides what it says
            ModelNode { IsRenderedAtRun: false } model => Published(
                model,
                await DescribeAsync(model, cancellationToken)
            ),
            SourceNode source when BelievesEngine && engine.IsOnServer && !IsDeclaredWhole(source) =>
                await DescribeAsync(
                    $"select * from {engine.Dialect.Quote(source.Relation)}",
                    isComplete: true,
                    cancellationToken
                ),
            _ => InputColumns.Unknown,
        };
    }

    private InputColumns Published(ModelNode model, InputColumns query) =>
        query with
        {
            Columns = PublishedColumns.Of(engine.Dialect, model, query.Columns),
        };

    private bool IsHere(RelationNode node) =>
        node.Engine == engine.Dialect.Engine && (Connection is null || node.Connection == Connection);

    // of what is not known whole, a star takes columns that nobody knows; those that are named are known, or it does not bind
    private async Task<InputColumns> DescribeAsync(ModelNode model, CancellationToken cancellationToken)
    {
        var (sql, unknown) = await BindAsync(model.Full, model, cancellationToken);
        return await DescribeAsync(
            sql.Text,
            unknown.IsEmpty || !SqlShape.HasStar(model.Full.Text),
            cancellationToken
        );
    }

    private async Task<InputColumns> DescribeAsync(
        string sql,
        bool isComplete,
        CancellationToken cancellationToken
    )
    {
        try
        {
            var columns = await engine.TryAsync(
                session => session.DescribeQueryAsync(sql, cancellationToken),
                cancellationToken
            );
            return new InputColumns(columns, isComplete);
        }
        catch (EngineException)
        {
            // something it reads is not known well enough; the given values will have to do
            return InputColumns.Unknown;
        }
    }

    private InputColumns OfSeed(SeedNode seed)
    {
        if (SeedTable.Read(seed, new DiagnosticBag()) is not { } table)
            return InputColumns.Unknown;
        var transfers = table.Columns.Select(
            (name, i) =>
                new TransferColumn(name, SeedValues.Infer(table.Rows.Select(row => row[i].Value)), "")
        );
        return new InputColumns(
            [
                .. engine
                    .Session.MapColumns([.. transfers])
                    .Select(column => new ColumnSchema(
                        column.Column.Name,
                        DeclaredType(seed, column.Column.Name) ?? column.Type
                    )),
            ],
            true
        );
    }

    private static string? DeclaredType(SeedNode seed, string column) =>
        seed
            .ColumnTypes.FirstOrDefault(pair => pair.Key.Equals(column, StringComparison.OrdinalIgnoreCase))
            .Value;

    /// <summary>What the project declares beats what was worked out, where it is said for the same engine.</summary>
    private InputColumns Declared(RelationNode node, InputColumns inferred)
    {
        if (!IsHere(node))
            return inferred;
        var hasContract = node is ModelNode { Config.ContractEnforced: true };
        // without a contract nobody holds a query against what its YAML says
        if (BelievesEngine && inferred.IsComplete && node is not SourceNode { Files: null } && !hasContract)
            return inferred;
        var columns = inferred.Columns;
        foreach (var declared in node.Columns)
        {
            if (declared.DataType is not { } type)
                continue;
            var schema = new ColumnSchema(declared.Name, type);
            if (inferred.Find(declared.Name) is { } found)
                columns = columns.Replace(found, schema with { Name = found.Name });
            else if (!BelievesEngine || !inferred.IsComplete)
                columns = columns.Add(schema);
        }
        // a table that somebody else fills, and what keeps a contract, have the columns that are declared
        var isComplete =
            inferred.IsComplete || ((hasContract || node is SourceNode) && IsDeclaredWhole(node));
        return new InputColumns(columns, isComplete);
    }

    private static bool IsDeclaredWhole(RelationNode node) =>
        node is not SourceNode { Files: not null }
        && !node.Columns.IsEmpty
        && node.Columns.All(column => column.DataType is not null);

    private async Task<RelationName?> TryCreateAsync(
        string nodeId,
        InputColumns columns,
        CancellationToken cancellationToken
    )
    {
        if (columns.Columns.IsEmpty || manifest.Find<RelationNode>(nodeId) is not { } node)
            return null;
        try
        {
            return await CreateAsync(node.Relation.Name, columns.Columns, cancellationToken);
        }
        catch (EngineException)
        {
            // a query may give two columns of one name, which no table can have
            return null;
        }
    }

    private Task<RelationName> CreateAsync(
        string name,
        ImmutableArray<ColumnSchema> columns,
        CancellationToken cancellationToken
    ) =>
        engine.TryAsync(
            async session =>
            {
                var table = new RelationName(await engine.NewSchemaAsync(cancellationToken), name);
                await session.ExecuteAsync(
                    TableSql.Create(engine.Dialect, table, columns),
                    cancellationToken
                );
                return table;
            },
            cancellationToken
        );

    /// <summary>Columns of another engine as they are once they have crossed to this one.</summary>
    public static InputColumns Arrived(
        PrivateEngine engine,
        ImmutableArray<TransferColumn> columns,
        bool isComplete
    ) =>
        new(
            [
                .. engine
                    .Session.MapColumns(columns)
                    .Select(column => new ColumnSchema(column.Column.Name, column.Type)),
            ],
            isComplete
        );

    /// <summary>The columns of a relation's changes.</summary>
    public static ImmutableArray<ColumnSchema> WithChanges(
        SqlDialect dialect,
        ImmutableArray<ColumnSchema> columns
    ) =>
        [
            .. columns,
            new ColumnSchema(FeedTables.ChangeColumn, dialect.TypeName(SqlType.Text)),
            new ColumnSchema(FeedTables.BatchColumn, dialect.TypeName(SqlType.BigInt)),
        ];
}
