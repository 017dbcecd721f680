using System.Collections.Immutable;
using System.Globalization;
using Strata.Compiler.Manifest;
using Strata.Compiler.Rendering;
using Strata.Compiler.Sql;
using Strata.Compiler.Text;
using Strata.Runner.Adapters;

namespace Strata.Runner.Proving;

/// <summary>
/// A relation that the model reads. Its rows wait in a pool and are moved from there. One that is read with
/// <c>changes</c> becomes an incremental model of its own, so that its change feed is the real one.
/// </summary>
internal sealed class TableInput : ProofInput
{
    private const string BatchColumn = "_batch_id";
    private const string InstantColumn = "_ingested_at";

    private readonly SqlDialect _dialect;
    private readonly RelationName _pool;
    private readonly ImmutableArray<ColumnSchema> _columns;
    private readonly RelationName _arriving;
    private readonly bool _hasFeed;

    /// <param name="node">The input as the project has it.</param>
    /// <param name="relation">The name by which the model reads it.</param>
    /// <param name="pool">Its rows, with their numbers in <see cref="RowPool.NumberColumn"/>.</param>
    public TableInput(
        RelationNode node,
        RelationName relation,
        RelationName pool,
        ImmutableArray<ColumnSchema> columns,
        int count,
        string from,
        bool hasFeed,
        SqlDialect dialect
    )
        : base(node)
    {
        _dialect = dialect;
        _pool = pool;
        _columns = columns;
        _hasFeed = hasFeed;
        _arriving = hasFeed ? new RelationName(ScratchProject.ArrivalSchema, pool.Name) : relation;
        Count = count;
        From = from;
        Nodes = hasFeed ? [Arrivals(), Feed(relation)] : [AsSource(Node.UniqueId, relation, Node.Name)];
    }

    public override int Count { get; }

    public override string From { get; }

    public override bool CanRepeat => Node is not ModelNode { Config.UniqueKey.IsEmpty: false };

    public override ImmutableArray<Node> Nodes { get; }

    public override async Task ResetAsync(ISession session, CancellationToken cancellationToken)
    {
        await session.ExecuteAsync(
            $"create schema if not exists {_dialect.QuoteIdentifier(_arriving.Schema)}",
            cancellationToken
        );
        var columns = _columns.Select(column => $"{_dialect.QuoteIdentifier(column.Name)} {column.Type}");
        await session.ExecuteAsync(
            $"create or replace table {_dialect.Quote(_arriving)} ({string.Join(", ", columns)})",
            cancellationToken
        );
    }

    public override async Task DeliverAsync(
        ISession session,
        int batch,
        ImmutableArray<int> rows,
        CancellationToken cancellationToken
    )
    {
        if (_hasFeed)
            await session.ExecuteAsync($"delete from {_dialect.Quote(_arriving)}", cancellationToken);
        if (rows.IsEmpty)
            return;
        var values = string.Join(", ", _columns.Select(column => Value(column, batch)));
        var numbers = rows.Select((row, i) => $"({Text(row)}, {Text(i)})");
        await session.ExecuteAsync(
            $"insert into {_dialect.Quote(_arriving)} select {values} from {_dialect.Quote(_pool)} as pool "
                + $"join (values {string.Join(", ", numbers)}) as due(n, i) on due.n = pool.{RowPool.NumberColumn} order by due.i",
            cancellationToken
        );
    }

    public override async Task<(ImmutableArray<string>, ImmutableArray<ImmutableArray<string?>>)> ReadAsync(
        ISession session,
        ImmutableArray<int> rows,
        CancellationToken cancellationToken
    )
    {
        var numbers = string.Join(", ", rows.Distinct().Select(Text).Prepend("-1"));
        var found = await session.QueryAsync(
            $"select * from {_dialect.Quote(_pool)} where {RowPool.NumberColumn} in ({numbers})",
            int.MaxValue,
            cancellationToken
        );
        var number = found.Columns.ToList().FindIndex(column => column.Name == RowPool.NumberColumn);
        var byNumber = found.Rows.ToDictionary(row => ValueText.Of(row[number]) ?? "");
        var shown = Enumerable.Range(0, found.Columns.Length).Where(i => i != number).ToList();
        return (
            [.. shown.Select(i => found.Columns[i].Name)],
            [
                .. rows.Select(row =>
                    shown.Select(i => ValueText.Of(byNumber[Text(row)][i])).ToImmutableArray()
                ),
            ]
        );
    }

    /// <summary>What bronze says of a row's arrival is true of its arrival here.</summary>
    private string Value(ColumnSchema column, int batch)
    {
        var name = $"pool.{_dialect.QuoteIdentifier(column.Name)}";
        if (column.Name.Equals(BatchColumn, StringComparison.OrdinalIgnoreCase))
            return $"cast({Text(batch)} as {column.Type})";
        if (column.Name.Equals(InstantColumn, StringComparison.OrdinalIgnoreCase))
            return $"cast('{Scratch.InstantOf(batch).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)}+00' as {column.Type})";
        return name;
    }

    private SourceNode Arrivals() => AsSource(ArrivalId, _arriving, _pool.Name);

    private string ArrivalId => $"source.prove.{_pool.Name}";

    private ModelNode Feed(RelationName relation)
    {
        var columns = string.Join(", ", _columns.Select(column => _dialect.QuoteIdentifier(column.Name)));
        var sql = new CompiledSql($"select {columns} from {_dialect.Quote(_arriving)}", SourceMap.Empty, []);
        return new ModelNode
        {
            UniqueId = Node.UniqueId,
            Name = Node.Name,
            Fqn = Node.Fqn,
            Path = Node.Path,
            Declaration = Node.Declaration,
            DependsOn = [ArrivalId],
            Connection = ScratchProject.Connection,
            Engine = _dialect.Engine,
            Relation = relation,
            Config = new ModelConfig
            {
                Materialized = Materialization.Incremental,
                IncrementalStrategy = IncrementalStrategy.Append,
            },
            Full = sql,
            Incremental = sql,
            Source = Node.Declaration.File,
            Fingerprint = "prove",
        };
    }

    private SourceNode AsSource(string id, RelationName relation, string name) =>
        new()
        {
            UniqueId = id,
            Name = name,
            SourceName = "prove",
            Fqn = Node.Fqn,
            Path = Node.Path,
            Declaration = Node.Declaration,
            Connection = ScratchProject.Connection,
            Engine = _dialect.Engine,
            Relation = relation,
            Fingerprint = "prove",
        };

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
