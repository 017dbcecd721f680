using System.Collections.Immutable;
using System.Globalization;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;
using Strata.Compiler.Manifest.Models;
using Strata.Compiler.Rendering.Linking;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;
using Strata.Runner.Binding;
using Strata.Runner.Files;
using Strata.Runner.History;
using Strata.Runner.Planning;
using Strata.Runner.Proving.Replaying;
using Strata.Runner.Transfers;
using Strata.Runner.UnitTests;

namespace Strata.Runner.Proving.Inputs;

/// <summary>
/// Brings some rows of everything that a model reads into the scratch engine, numbered in the order in which they
/// arrived: real ones where the inputs are built, else those that a unit test gives.
/// </summary>
internal sealed class RowPool(RunRequest request, ModelNode model, ProofOptions options, Scratch scratch)
{
    public const string NumberColumn = "_prove_row";

    private static readonly string[] ArrivalOrder = ["_batch_id", "_source_file", "_source_row"];

    private readonly ImmutableArray<string>.Builder _leftOut = ImmutableArray.CreateBuilder<string>();

    private SqlDialect Dialect => scratch.Adapter.Dialect;

    /// <summary>Columns of inputs that the scratch engine has no type for, and why: a model that reads none of them needs none.</summary>
    public ImmutableArray<string> LeftOut => _leftOut.ToImmutable();

    /// <returns>The inputs that are not seeds, unless all are; or in words why there are none.</returns>
    /// <exception cref="EngineException">A connection cannot be reached.</exception>
    public async Task<(ImmutableArray<ProofInput> Inputs, string? Problem)> LoadAsync(
        CancellationToken cancellationToken
    )
    {
        var nodes = ScratchProject.InputsOf(request.Manifest, model).ToList();
        // what is edited by hand is joined with; where there is nothing else, it is what changes
        if (!nodes.TrueForAll(node => node is SeedNode))
            nodes.RemoveAll(node => node is SeedNode);
        var byName = nodes
            .GroupBy(node => ScratchProject.NameOf(node, model))
            .FirstOrDefault(some => some.Count() > 1);
        if (byName is not null)
            return ([], $"it reads two relations named {byName.Key}");
        // what is read by batch grows; beside it, the rest is what it is joined with
        var growing = nodes
            .Where(node =>
                model.Config.Microbatch is not null
                    ? node.EventTime() is not null
                    : IsFiles(node) || ScratchProject.ReadsChangesOf(model, node)
            )
            .ToHashSet();
        if (growing.Count == 0)
            growing = [.. nodes];
        var given = options.Fixture is { } name ? FindTest(name) : null;
        if (options.Fixture is not null && given is null)
            return ([], $"it has no unit test '{options.Fixture}'");
        if (given is null && await FirstNotBuiltAsync(nodes, cancellationToken) is { } missing)
        {
            given = FindTest(null);
            if (given is null)
                return ([], $"'{missing}' has not been built, and no unit test gives rows for it");
        }
        ImmutableArray<FixtureTable>? fixtures = given is null
            ? null
            : await FixturesAsync(given, cancellationToken);
        var inputs = ImmutableArray.CreateBuilder<ProofInput>();
        foreach (var node in nodes)
        {
            var input = await LoadAsync(
                node,
                growing.Contains(node),
                given,
                fixtures,
                inputs.Count,
                cancellationToken
            );
            if (input.Problem is not null || input.Input is null)
                return ([], input.Problem);
            inputs.Add(input.Input);
        }
        return (inputs.ToImmutable(), null);
    }

    private async Task<(ProofInput? Input, string? Problem)> LoadAsync(
        RelationNode node,
        bool grows,
        UnitTestNode? given,
        ImmutableArray<FixtureTable>? fixtures,
        int number,
        CancellationToken cancellationToken
    )
    {
        if (node is SourceNode { Files: { } config } source)
        {
            if (grows && model.Config.Microbatch is not null && node.EventTime() is not null)
                return (null, $"{source.SourceName}.{source.Name} is landed files that are divided by time");
            var zone = LandingZone.List(source, config, request.Manifest.ProjectFolder, new DiagnosticBag());
            return zone.Files.IsEmpty
                ? (null, $"no file of {source.SourceName}.{source.Name} has landed")
                : (FilesInput.Create(zone, config, scratch.Folder, options.Rows, grows), null);
        }
        var pool = new RelationName(
            Scratch.PoolSchema,
            $"input_{number.ToString(CultureInfo.InvariantCulture)}"
        );
        string from;
        if (given is not null && fixtures is { } tables)
        {
            var fixture = tables.FirstOrDefault(table =>
                table.Key.NodeId == node.UniqueId && table.Key.Kind != ReferenceKind.This
            );
            if (fixture is null)
                return (null, $"unit test '{given.Name}' gives no rows for '{node.Name}'");
            await NumberAsync(fixture.Table, pool, KeyOf(node), cancellationToken);
            from = $"unit test '{given.Name}'";
        }
        else
        {
            if (!await TryCopyAsync(node, pool, cancellationToken))
                return (null, $"no column of '{NameOf(node)}' can be brought here");
            from = "";
        }
        var growth = GrowthOf(node);
        var rows = await new PooledRowReader(scratch.Session, Dialect, model).ReadAsync(
            node,
            pool,
            growth,
            cancellationToken
        );
        var input = new TableInput(
            node,
            ScratchProject.NameOf(node, model),
            pool,
            rows,
            from,
            growth,
            Dialect
        )
        {
            Grows = grows,
            IsOverwritten =
                growth == InputGrowth.Relation && model.Config.Materialized == Materialization.Snapshot,
        };
        return (input, null);
    }

    /// <summary>
    /// What a relation may do to rows that were read already, it does to those who read it with <c>ref</c>, too; only
    /// that nothing tells them.
    /// </summary>
    private InputGrowth GrowthOf(RelationNode node)
    {
        var growth = InputGrowths.Of(node, request.Manifest);
        if (ScratchProject.ReadsChangesOf(model, node))
            return growth;
        // their schedules have changes of their own, or none
        var isLeftAsItIs =
            model.Config.Materialized == Materialization.Snapshot || model.Config.Microbatch is not null;
        return isLeftAsItIs || growth == InputGrowth.Append ? InputGrowth.Relation : growth;
    }

    private static bool IsFiles(RelationNode node) => node is SourceNode { Files: not null };

    private async Task<string?> FirstNotBuiltAsync(
        List<RelationNode> nodes,
        CancellationToken cancellationToken
    )
    {
        foreach (var on in nodes.Where(node => !IsFiles(node)).GroupBy(node => node.Connection))
        {
            if (!request.Adapters[on.Key].IsThere)
                return NameOf(on.First());
            await using var session = await request.Adapters[on.Key].OpenSessionAsync(cancellationToken);
            var there = await session.ListRelationsAsync(
                [.. on.Select(node => node.Relation.Schema).Distinct()],
                cancellationToken
            );
            if (on.FirstOrDefault(node => there.All(found => found.Name != node.Relation)) is { } missing)
                return NameOf(missing);
        }
        return null;
    }

    private static string NameOf(RelationNode node) =>
        node is SourceNode source ? $"{source.SourceName}.{source.Name}" : node.Name;

    /// <summary>
    /// The unit test of that name; without one, that of the model which gives the most rows: rather one of a full build, which gives
    /// all that there is.
    /// </summary>
    private UnitTestNode? FindTest(string? name) =>
        request
            .Manifest.Nodes.Values.OfType<UnitTestNode>()
            .Where(test => test.Model == model.UniqueId && (name is null || test.Name == name))
            .OrderBy(test => test.IsIncremental)
            .ThenByDescending(test => test.Given.Sum(input => input.Rows?.Rows.Length ?? 0))
            .FirstOrDefault();

    private async Task<ImmutableArray<FixtureTable>> FixturesAsync(
        UnitTestNode test,
        CancellationToken cancellationToken
    )
    {
        await using var engine = await PrivateEngine.OpenAsync(
            scratch.Adapter,
            Scratch.GivenSchemas,
            isShared: false,
            cancellationToken
        );
        var types = new InputTypes(engine, request.Manifest, elsewhere: null);
        return await new FixtureTables(engine, types, request.Manifest).CreateAsync(test, cancellationToken);
    }

    /// <summary>From the relation itself, over the seam, so that any engine's rows can be had.</summary>
    /// <returns>False where it has no column that the scratch engine has a type for.</returns>
    private async Task<bool> TryCopyAsync(
        RelationNode node,
        RelationName pool,
        CancellationToken cancellationToken
    )
    {
        var adapter = request.Adapters[node.Connection];
        await using var session = await adapter.OpenSessionAsync(cancellationToken);
        var relation = adapter.Dialect.Quote(node.Relation);
        var copy = new RelationName(Scratch.PoolSchema, $"{pool.Name}_copy");
        var mapped = scratch.Session.MapColumns(
            await session.DescribeTransferAsync($"select * from {relation}", cancellationToken)
        );
        var columns = mapped.RemoveAll(column => column.Problem is not null);
        _leftOut.AddRange(
            mapped
                .Except(columns)
                .Select(column => $"column '{column.Column.Name}' of '{NameOf(node)}': {column.Problem}")
        );
        if (columns.IsEmpty)
            return false;
        var names = columns.Select(column => adapter.Dialect.QuoteIdentifier(column.Column.Name));
        var from = $"select {string.Join(", ", names)} from {relation}";
        var order = OrderOf([.. columns.Select(column => column.Column.Name)], KeyOf(node));
        var by = string.Join(", ", order.Select(adapter.Dialect.QuoteIdentifier));
        var query = string.Create(
            CultureInfo.InvariantCulture,
            $"{from}{(by.Length == 0 ? "" : $" order by {by}")} limit {options.Rows}"
        );
        await scratch.Session.ExecuteAsync(
            TableSql.Create(
                Dialect,
                copy,
                columns.Select(column => new ColumnSchema(column.Column.Name, column.Type))
            ),
            cancellationToken
        );
        await RowTransfer.CopyAsync(session, query, scratch.Session, copy, null, cancellationToken);
        await NumberAsync(copy, pool, KeyOf(node), cancellationToken);
        return true;
    }

    private static ImmutableArray<string> KeyOf(RelationNode node) =>
        node is ModelNode { Config: { UniqueKey.IsEmpty: false } config }
            ? RowIdentity.ColumnsOf(config)
            : [];

    /// <summary>
    /// How rows arrived, where they say so. Those with a key can be replaced, so the order in which their engine keeps
    /// them is none; by the key they are at least the same rows each time.
    /// </summary>
    private static ImmutableArray<string> OrderOf(ImmutableArray<string> columns, ImmutableArray<string> key)
    {
        var arrival = Present(ArrivalOrder);
        return arrival.IsEmpty ? Present(key) : arrival;

        ImmutableArray<string> Present(IEnumerable<string> names) =>
            [
                .. names
                    .Select(name =>
                        columns.FirstOrDefault(column =>
                            column.Equals(name, StringComparison.OrdinalIgnoreCase)
                        )
                    )
                    .OfType<string>(),
            ];
    }

    private async Task NumberAsync(
        RelationName table,
        RelationName pool,
        ImmutableArray<string> key,
        CancellationToken cancellationToken
    )
    {
        var columns = await scratch.Session.DescribeQueryAsync(
            $"select * from {Dialect.Quote(table)}",
            cancellationToken
        );
        var marks = columns
            .Where(column => column.Name is Feeds.FeedTables.ChangeColumn or Feeds.FeedTables.BatchColumn)
            .Select(column => Dialect.QuoteIdentifier(column.Name))
            .ToList();
        var all = marks.Count == 0 ? "*" : $"* exclude ({string.Join(", ", marks)})";
        var order = OrderOf([.. columns.Select(column => column.Name)], key)
            .Select(Dialect.QuoteIdentifier)
            .Append("rowid");
        await scratch.Session.ExecuteAsync(
            $"create table {Dialect.Quote(pool)} as select {all}, row_number() over (order by {string.Join(", ", order)}) - 1 as {NumberColumn} "
                + $"from {Dialect.Quote(table)}{(marks.Count == 0 ? "" : AsTheyAre(columns, key))}",
            cancellationToken
        );
    }

    /// <summary>Of rows that are given as changes: what is there in the end.</summary>
    private string AsTheyAre(ImmutableArray<ColumnSchema> columns, ImmutableArray<string> key)
    {
        var batch = columns.Any(column => column.Name == Feeds.FeedTables.BatchColumn)
            ? $"{Feeds.FeedTables.BatchColumn} desc nulls last, "
            : "";
        var isThere = columns.Any(column => column.Name == Feeds.FeedTables.ChangeColumn)
            ? $"{Feeds.FeedTables.ChangeColumn} is distinct from 'delete'"
            : "true";
        var isKnown = key.All(name => columns.Has(name));
        return key.IsEmpty || !isKnown
            ? $" where {isThere}"
            : $" qualify row_number() over (partition by {string.Join(", ", key.Select(Dialect.QuoteIdentifier))} order by {batch}rowid desc) = 1 and {isThere}";
    }
}
