using System.Collections.Immutable;
using System.Globalization;
using Strata.Compiler.Manifest;
using Strata.Compiler.Manifest.Models;
using Strata.Compiler.Rendering.Linking;
using Strata.Compiler.Sql;
using Strata.Compiler.Text;
using Strata.Runner.Adapters;
using Strata.Runner.Adapters.Values;
using Strata.Runner.Proving.Replaying;
using Strata.Runner.Proving.Schedules;

namespace Strata.Runner.Proving.Inputs;

/// <summary>
/// A relation that the model reads. Its rows wait in a pool and are moved from there. One that is read with
/// <c>changes</c>, or whose rows may change after they were read, becomes a model of its own which grows as the input does in
/// earnest, so that its change feed is the real one.
/// </summary>
internal sealed class TableInput : ProofInput
{
    private const string BatchColumn = "_batch_id";
    private const string InstantColumn = "_ingested_at";
    private const string DeletedColumn = "__prove_deleted";
    private const string SequenceColumn = "__prove_sequence";

    private readonly SqlDialect _dialect;
    private readonly RelationName _pool;
    private readonly PooledRows _rows;
    private readonly RelationName _arriving;
    private readonly InputGrowth _growth;

    // what is there by now: by row whether it holds its own content or another's
    private readonly SortedDictionary<int, RowChange> _present = [];

    /// <param name="node">The input as the project has it.</param>
    /// <param name="relation">The name by which the model reads it.</param>
    /// <param name="pool">Its rows, with their numbers in <see cref="RowPool.NumberColumn"/>.</param>
    public TableInput(
        RelationNode node,
        RelationName relation,
        RelationName pool,
        PooledRows rows,
        string from,
        InputGrowth growth,
        SqlDialect dialect
    )
        : base(node)
    {
        _dialect = dialect;
        _pool = pool;
        _rows = rows;
        // without a key, or with one that is none, rows can only be added
        _growth = growth switch
        {
            InputGrowth.Relation => InputGrowth.Relation,
            InputGrowth.Replace when !rows.Key.IsEmpty => InputGrowth.Replace,
            _ when rows.IsKeyUnique => growth,
            _ => InputGrowth.Append,
        };
        var hasFeed = growth != InputGrowth.Relation;
        _arriving = hasFeed ? new RelationName(ScratchProject.ArrivalSchema, pool.Name) : relation;
        From = from;
        Nodes = hasFeed ? [Arrivals(), Feed(relation)] : [AsSource(Node.UniqueId, relation, Node.Name)];
    }

    public override int Count => _rows.Count;

    public override string From { get; }

    /// <summary>The rows of a relation may change after they have arrived, with nothing that says so.</summary>
    public bool IsOverwritten { get; init; }

    public override bool CanRepeat =>
        Node is not ModelNode { Config.UniqueKey.IsEmpty: false } && !IsOverwritten;

    public override ImmutableArray<Node> Nodes { get; }

    public override bool Can(RowChange change, int row) =>
        change switch
        {
            RowChange.Arrives => true,
            RowChange.Replaced => CanChange && _rows.Others[row] is not null,
            // the rows of a key are only ever replaced by others
            RowChange.Deleted when _growth == InputGrowth.Replace => _rows.WithKeyOf(row).Skip(1).Any(),
            RowChange.Deleted => CanChange && _growth != InputGrowth.Merge,
            _ => throw new ArgumentOutOfRangeException(nameof(change)),
        };

    public override DateTimeOffset? EventTimeOf(int row) =>
        _rows.EventTimes.IsEmpty ? null : _rows.EventTimes[row];

    public override async Task ResetAsync(ISession session, CancellationToken cancellationToken)
    {
        _present.Clear();
        await session.ExecuteAsync(
            $"create schema if not exists {_dialect.QuoteIdentifier(_arriving.Schema)}",
            cancellationToken
        );
        var columns = _rows
            .Columns.Select(column => $"{_dialect.QuoteIdentifier(column.Name)} {column.Type}")
            .Concat(
                _growth == InputGrowth.Follow
                    ? [$"{DeletedColumn} boolean", $"{SequenceColumn} integer"]
                    : ImmutableArray<string>.Empty
            );
        await session.ExecuteAsync(
            $"create or replace table {_dialect.Quote(_arriving)} ({string.Join(", ", columns)})",
            cancellationToken
        );
    }

    public override async Task DeliverAsync(
        ISession session,
        int batch,
        ImmutableArray<Delivery> rows,
        CancellationToken cancellationToken
    )
    {
        if (IsOverwritten)
        {
            foreach (var one in rows)
                Settle(one);
            await session.ExecuteAsync($"delete from {_dialect.Quote(_arriving)}", cancellationToken);
            await InsertAsync(
                session,
                batch,
                [.. _present.Select(pair => (pair.Key, pair.Value))],
                cancellationToken
            );
            return;
        }
        if (Nodes.Length > 1)
            await session.ExecuteAsync($"delete from {_dialect.Quote(_arriving)}", cancellationToken);
        await InsertAsync(session, batch, Arriving(rows), cancellationToken);
    }

    public override async Task<(ImmutableArray<string>, ImmutableArray<ImmutableArray<string?>>)> ReadAsync(
        ISession session,
        ImmutableArray<Delivery> rows,
        CancellationToken cancellationToken
    )
    {
        var wanted = rows.SelectMany(one =>
                new[] { one.Row, _rows.Others.IsEmpty ? null : _rows.Others[one.Row] }
            )
            .Distinct()
            .Select(row => Text(row ?? -1));
        var found = await session.QueryAsync(
            $"select * from {_dialect.Quote(_pool)} where {RowPool.NumberColumn} in ({string.Join(", ", wanted.Prepend("-1"))})",
            int.MaxValue,
            cancellationToken
        );
        var number = found.Columns.ToList().FindIndex(column => column.Name == RowPool.NumberColumn);
        var byNumber = found.Rows.ToDictionary(row => ValueText.Of(row[number]) ?? "");
        var shown = Enumerable.Range(0, found.Columns.Length).Where(i => i != number).ToList();
        return (
            [.. shown.Select(i => found.Columns[i].Name)],
            [
                .. rows.Select(one =>
                    shown
                        .Select(i => ValueText.Of(byNumber[Text(RowOf(one, found.Columns[i].Name))][i]))
                        .ToImmutableArray()
                ),
            ]
        );
    }

    private bool CanChange =>
        (IsOverwritten && _rows.IsKeyUnique)
        || _growth is InputGrowth.Merge or InputGrowth.Replace or InputGrowth.Follow;

    /// <summary>The number of the row whose content a row has.</summary>
    private int ContentOf(int row, RowChange change) =>
        change == RowChange.Replaced ? _rows.Others[row] ?? row : row;

    /// <summary>Whether a column of a row that is replaced keeps its value: its key, and what a merge does not update.</summary>
    private bool Stays(string column)
    {
        if (_rows.Kept.Contains(column))
            return true;
        if (_growth != InputGrowth.Merge || Node is not ModelNode { Config: var config })
            return false;
        return config.MergeUpdateColumns.IsEmpty
            ? config.MergeExcludeColumns.Contains(column, StringComparer.OrdinalIgnoreCase)
            : !config.MergeUpdateColumns.Contains(column, StringComparer.OrdinalIgnoreCase);
    }

    private int RowOf(Delivery one, string column) =>
        Stays(column) ? one.Row : ContentOf(one.Row, one.Change);

    private void Settle(Delivery one)
    {
        if (one.Change == RowChange.Deleted)
            _present.Remove(one.Row);
        else
            _present[one.Row] = one.Change;
    }

    /// <summary>The rows that a batch brings, with what became of them in it.</summary>
    private ImmutableArray<(int Row, RowChange Change)> Arriving(ImmutableArray<Delivery> rows)
    {
        switch (_growth)
        {
            case InputGrowth.Relation:
            case InputGrowth.Append:
                return [.. rows.Select(one => (one.Row, one.Change))];
            case InputGrowth.Merge:
            case InputGrowth.Follow:
                // two changes of a row in one batch are one
                return [.. rows.GroupBy(one => one.Row).Select(group => (group.Key, group.Last().Change))];
            case InputGrowth.Replace:
                foreach (var one in rows)
                {
                    if (one.Change == RowChange.Deleted && !_rows.WithKeyOf(one.Row).Any(Beside))
                        continue;
                    Settle(one);

                    bool Beside(int other) => other != one.Row && _present.ContainsKey(other);
                }
                var touched = rows.Select(one => _rows.Groups[one.Row]).ToHashSet();
                return
                [
                    .. _present
                        .Where(pair => touched.Contains(_rows.Groups[pair.Key]))
                        .Select(pair => (pair.Key, pair.Value)),
                ];
            default:
                throw new NotSupportedException($"growth {_growth}");
        }
    }

    private async Task InsertAsync(
        ISession session,
        int batch,
        ImmutableArray<(int Row, RowChange Change)> rows,
        CancellationToken cancellationToken
    )
    {
        if (rows.IsEmpty)
            return;
        var values = _rows
            .Columns.Select(column => Value(column, batch))
            .Concat(_growth == InputGrowth.Follow ? ["due.gone", Text(batch)] : ImmutableArray<string>.Empty);
        var numbers = rows.Select(
            (one, i) =>
                $"({Text(one.Row)}, {Text(ContentOf(one.Row, one.Change))}, "
                + $"{(one.Change == RowChange.Deleted ? "true" : "false")}, {Text(i)})"
        );
        var pool = _dialect.Quote(_pool);
        await session.ExecuteAsync(
            $"insert into {_dialect.Quote(_arriving)} select {string.Join(", ", values)} "
                + $"from (values {string.Join(", ", numbers)}) as due(n, c, gone, i) "
                + $"join {pool} as pool on due.n = pool.{RowPool.NumberColumn} "
                + $"join {pool} as content on due.c = content.{RowPool.NumberColumn} order by due.i",
            cancellationToken
        );
    }

    /// <summary>What bronze says of a row's arrival is true of its arrival here.</summary>
    private string Value(ColumnSchema column, int batch)
    {
        if (column.Name.Equals(BatchColumn, StringComparison.OrdinalIgnoreCase))
            return $"cast({Text(batch)} as {column.Type})";
        if (column.Name.Equals(InstantColumn, StringComparison.OrdinalIgnoreCase))
            return $"cast('{Scratch.InstantOf(batch).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)}+00' as {column.Type})";
        return $"{(Stays(column.Name) ? "pool" : "content")}.{_dialect.QuoteIdentifier(column.Name)}";
    }

    private SourceNode Arrivals() => AsSource(ArrivalId, _arriving, _pool.Name);

    private string ArrivalId => $"source.prove.{_pool.Name}";

    private ModelNode Feed(RelationName relation)
    {
        var columns = _rows.Columns.Select(column => _dialect.QuoteIdentifier(column.Name));
        if (_growth == InputGrowth.Follow)
            columns = [.. columns, DeletedColumn, SequenceColumn];
        var sql = new CompiledSql(
            $"select {string.Join(", ", columns)} from {_dialect.Quote(_arriving)}",
            SourceMap.Empty,
            []
        );
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
            Config = FeedConfig(),
            Full = sql,
            Incremental = sql,
            Source = Node.Declaration.File,
            Fingerprint = "prove",
        };
    }

    private ModelConfig FeedConfig() =>
        _growth switch
        {
            InputGrowth.Merge when Node is ModelNode { Config: var merged } => Incremental(
                IncrementalStrategy.Merge,
                _rows.Key
            ) with
            {
                MergeUpdateColumns = merged.MergeUpdateColumns,
                MergeExcludeColumns = merged.MergeExcludeColumns,
            },
            InputGrowth.Replace => Incremental(IncrementalStrategy.DeleteInsert, _rows.Key),
            InputGrowth.Follow => new ModelConfig
            {
                Materialized = Materialization.Cdc,
                UniqueKey = _rows.Key,
                Cdc = new CdcConfig
                {
                    SequenceBy = [SequenceColumn],
                    ApplyAsDeletes = DeletedColumn,
                    ExceptColumns = [DeletedColumn, SequenceColumn],
                },
            },
            _ => Incremental(IncrementalStrategy.Append, []),
        };

    private static ModelConfig Incremental(IncrementalStrategy strategy, ImmutableArray<string> key) =>
        new()
        {
            Materialized = Materialization.Incremental,
            IncrementalStrategy = strategy,
            UniqueKey = key,
        };

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
            EventTime = _rows.EventTimes.IsEmpty ? null : Node.EventTime(),
            Fingerprint = "prove",
        };

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
