using System.Collections.Immutable;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;
using Strata.Runner.Proving.Examples;
using Strata.Runner.Proving.Inputs;
using Strata.Runner.Proving.Schedules;
using Strata.Runner.Results;
using Strata.Tests.Engine.UnitTests;

namespace Strata.Runner.Proving.Replaying;

/// <summary>
/// Runs a schedule batch by batch, then builds the model from nothing over the very rows that were delivered, and
/// compares. Where a second delivery makes the full build impossible (two rows of one key), it is built over each row once.
/// </summary>
internal sealed class Replay(
    Scratch scratch,
    ProjectManifest manifest,
    ModelNode model,
    ImmutableArray<ProofInput> inputs,
    ComparedRows compared
)
{
    // an example needs few; where those turn out to be the same values in other words, more are looked at
    private static readonly int[] Limits = [200, 5_000];

    private const string RowCount = "row_count";

    private static readonly RelationName Batched = new(Scratch.PoolSchema, "batched");

    private readonly SqlDialect _dialect = scratch.Adapter.Dialect;

    private RelationName Relation => model.Relation;

    public async Task<ReplayOutcome> RunAsync(Schedule schedule, CancellationToken cancellationToken)
    {
        if (await DeliverAllAsync(schedule, cancellationToken) is { } failed)
            return new ReplayOutcome(ReplayEnd.BatchFailed) { Failure = failed };
        await KeepAsync(cancellationToken);
        var clock = schedule.ClockOf(schedule.Batches.Length - 1);
        if (await RebuildAsync(clock, cancellationToken) is { } refused)
        {
            if (!schedule.Repeats)
                return new ReplayOutcome(ReplayEnd.FullBuildFailed) { Failure = refused };
            if (await DeliverAllAsync(schedule.AtOnce(), cancellationToken) is { } again)
                return new ReplayOutcome(ReplayEnd.FullBuildFailed) { Failure = again };
        }
        return await CompareAsync(cancellationToken);
    }

    /// <summary>
    /// The columns that differ between two full builds of the same rows: they come from the run, not the rows. The
    /// rows have been delivered.
    /// </summary>
    public async Task<ImmutableArray<string>> FindRunDependentAsync(
        Schedule all,
        CancellationToken cancellationToken
    )
    {
        await KeepAsync(cancellationToken);
        if (await RebuildAsync(all.ClockOf(0), cancellationToken) is not null)
            return [];
        var columns = await ColumnsAsync(cancellationToken);
        if (columns.IsEmpty)
            return [];
        var checks = columns.Select(column =>
        {
            var name = _dialect.QuoteIdentifier(column.Name);
            return $"exists (select {name} from {_dialect.Quote(Batched)} except all select {name} from {_dialect.Quote(Relation)})";
        });
        var found = await scratch.Session.QueryAsync(
            $"select {string.Join(", ", checks)}",
            1,
            cancellationToken
        );
        return [.. columns.Where((_, i) => found.Rows[0][i] is true).Select(column => column.Name)];
    }

    /// <summary>Delivers and builds one batch after the other, from nothing.</summary>
    /// <returns>What went wrong; null when nothing did.</returns>
    public async Task<Diagnostic?> DeliverAllAsync(Schedule schedule, CancellationToken cancellationToken)
    {
        await scratch.ResetAsync(cancellationToken);
        foreach (var input in inputs)
            await input.ResetAsync(scratch.Session, cancellationToken);
        for (var i = 0; i < schedule.Batches.Length; i++)
        {
            var rows = schedule.Batches[i].ToLookup(one => one.Input);
            for (var input = 0; input < inputs.Length; input++)
                await inputs[input].DeliverAsync(scratch.Session, i + 1, [.. rows[input]], cancellationToken);
            var result = await scratch.BuildAsync(
                manifest,
                [.. manifest.Nodes.Keys],
                fullRefresh: false,
                schedule.ClockOf(i),
                cancellationToken
            );
            cancellationToken.ThrowIfCancellationRequested();
            if (Failure(result) is { } failure)
                return failure;
        }
        return null;
    }

    private async Task<Diagnostic?> RebuildAsync(DateTimeOffset? clock, CancellationToken cancellationToken)
    {
        if (compared.IsKept)
            await scratch.Session.ExecuteAsync($"drop table {_dialect.Quote(Relation)}", cancellationToken);
        var result = await scratch.BuildAsync(
            manifest,
            [model.UniqueId],
            fullRefresh: true,
            clock,
            cancellationToken
        );
        cancellationToken.ThrowIfCancellationRequested();
        return Failure(result);
    }

    private Task KeepAsync(CancellationToken cancellationToken) =>
        scratch.Session.ExecuteAsync(
            $"create or replace table {_dialect.Quote(Batched)} as select * from {_dialect.Quote(Relation)}",
            cancellationToken
        );

    private async Task<ReplayOutcome> CompareAsync(CancellationToken cancellationToken)
    {
        var columns = (await ColumnsAsync(cancellationToken)).RemoveAll(column => !compared.Has(column.Name));
        // where no column is to be compared, the rows can be counted
        var list = columns.IsEmpty
            ? $"count(*) as {RowCount}"
            : string.Join(", ", columns.Select(column => _dialect.QuoteIdentifier(column.Name)));
        var isCounted = columns.IsEmpty;
        if (isCounted)
            columns = [new ColumnSchema(RowCount, _dialect.TypeName(SqlType.BigInt))];
        var full = $"select {list} from {_dialect.Quote(Relation)} where {compared.Where ?? "true"}";
        var known = compared
            .KnownBy.Select(_dialect.QuoteIdentifier)
            .Select(name => $"__strata_batched_row.{name} is not distinct from __strata_full_row.{name}");
        var batched =
            $"select {list} from {_dialect.Quote(Batched)} as __strata_batched_row where {compared.Where ?? "true"}"
            + (
                compared.KnownBy.IsEmpty
                    ? ""
                    : $" and exists (select 1 from {_dialect.Quote(Relation)} as __strata_full_row where {string.Join(" and ", known)})"
            );
        var differ = new DifferingRows(_dialect, columns, full, batched);
        var comparer = new CellComparer(
            null,
            [.. columns.Select(column => UnitTests.FixtureSql.IsJson(column.Type))]
        );
        foreach (var limit in Limits)
        {
            var missing = await scratch.Session.QueryAsync(differ.Missing, limit, cancellationToken);
            var unexpected = await scratch.Session.QueryAsync(differ.Unexpected, limit, cancellationToken);
            var found = RowMatcher.Compare(missing.Rows, unexpected.Rows, KeyIn(columns), comparer);
            if (!found.IsEmpty)
                return new ReplayOutcome(ReplayEnd.Differs)
                {
                    Columns = columns,
                    Differences = found,
                    HasCounts = isCounted,
                };
            if (!missing.IsTruncated && !unexpected.IsTruncated)
                return new ReplayOutcome(ReplayEnd.Same);
        }
        return new ReplayOutcome(ReplayEnd.Undecided);
    }

    /// <summary>The columns of the model's relation, once it was built.</summary>
    public Task<ImmutableArray<ColumnSchema>> ColumnsAsync(CancellationToken cancellationToken) =>
        scratch.Session.DescribeQueryAsync($"select * from {_dialect.Quote(Relation)}", cancellationToken);

    private ImmutableArray<int> KeyIn(ImmutableArray<ColumnSchema> columns)
    {
        var names = columns.Select(column => column.Name).ToList();
        var places = model
            .Config.UniqueKey.Select(key =>
                names.FindIndex(name => name.Equals(key, StringComparison.OrdinalIgnoreCase))
            )
            .ToImmutableArray();
        return places.Contains(-1) ? [] : places;
    }

    private static Diagnostic? Failure(RunResult result)
    {
        var found = result
            .Diagnostics.Concat(result.Nodes.SelectMany(node => node.Diagnostics))
            .FirstOrDefault(diagnostic => diagnostic.IsError);
        return found is null && !result.IsSuccess
            ? throw new InvalidOperationException("a replay failed and said nothing")
            : found;
    }
}
