using System.Collections.Immutable;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;
using Strata.Compiler.Rendering.Linking;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;
using Strata.Runner.Adapters.Values;
using Strata.Runner.Files;
using Strata.Runner.Planning;

namespace Strata.Runner.UnitTests.Capture;

/// <summary>
/// Reads real rows of what a model reads: some of its first input, and of the others those that share a key with them,
/// so that a join finds its rows. Personal columns are masked before anything leaves this class.
/// </summary>
public sealed class InputCapture(RunRequest request, byte[] maskKey)
{
    private const string Personal = "pii";
    private const int MostRows = 1000;

    private readonly ValueMask _mask = new(maskKey);

    /// <param name="where">A condition on the first input; null for none.</param>
    /// <returns>Seeds are left out: a unit test has their rows anyway. Null, after reporting, when something is not built.</returns>
    /// <exception cref="EngineException">The engine cannot be reached, or does not accept the condition.</exception>
    public async Task<ImmutableArray<CapturedInput>?> ReadAsync(
        ModelNode model,
        int limit,
        string? where,
        DiagnosticBag diagnostics,
        CancellationToken cancellationToken
    )
    {
        var adapter = request.Adapters[model.Connection];
        await using var session = await adapter.OpenSessionAsync(cancellationToken);
        var personal = PersonalColumns(model);
        var raw = new List<RowSet>();
        var captured = ImmutableArray.CreateBuilder<CapturedInput>();
        foreach (var node in InputsOf(model).Where(node => node is not SeedNode))
        {
            var relation = await RelationOfAsync(
                session,
                adapter,
                node,
                model,
                diagnostics,
                cancellationToken
            );
            if (relation is null)
                return null;
            var condition =
                raw.Count == 0
                    ? where
                    : SharedKey(
                        adapter.Dialect,
                        node,
                        await session.DescribeQueryAsync($"select * from {relation}", cancellationToken),
                        raw
                    );
            var most = raw.Count == 0 || condition is null ? limit : MostRows;
            var rows = await session.QueryAsync(
                $"select * from {relation}{(condition is null ? "" : $" where {condition}")} limit {most}",
                most,
                cancellationToken
            );
            raw.Add(rows);
            captured.Add(Masked(node, rows, personal));
        }
        return captured.ToImmutable();
    }

    /// <summary>What the model reads when it is built from nothing, in the order of its query.</summary>
    private IEnumerable<RelationNode> InputsOf(ModelNode model) =>
        model
            .Full.References.Where(reference => reference.Kind != ReferenceKind.This)
            .Select(reference => reference.NodeId)
            .Distinct()
            .Select(id => request.Manifest.Find<RelationNode>(id))
            .OfType<RelationNode>();

    private async Task<string?> RelationOfAsync(
        ISession session,
        IAdapter adapter,
        RelationNode node,
        ModelNode model,
        DiagnosticBag diagnostics,
        CancellationToken cancellationToken
    )
    {
        if (node is SourceNode { Files: { } files } source && node.Connection == model.Connection)
        {
            if (FilesQuery.FindUnsupported(files) is { } option)
            {
                diagnostics.Add(
                    FileDiagnostics.NeedsLanding(
                        source.Declaration,
                        $"{source.SourceName}.{source.Name}",
                        option,
                        adapter.Dialect.Name
                    )
                );
                return null;
            }
            var landed = LandingZone.List(source, files, request.Manifest.ProjectFolder, diagnostics);
            var query = FilesQuery.Create(
                landed,
                files,
                adapter.Dialect,
                request.Manifest.ProjectFolder,
                request.StartedAt,
                1
            );
            return $"(\n{query}\n) as {adapter.Dialect.QuoteIdentifier(node.Relation.Name)}";
        }
        var relation =
            node.Connection == model.Connection
                ? node.Relation
                : Transfer.Create(request.Manifest, node, model.Connection).Replica;
        var there = await session.ListRelationsAsync([relation.Schema], cancellationToken);
        if (there.Any(found => found.Name == relation))
            return adapter.Dialect.Quote(relation);
        diagnostics.Add(CommandLineDiagnostics.NotBuilt(node.Name, relation.ToString(), model.Connection));
        return null;
    }

    /// <summary>The condition that picks the rows which belong to those that are there already.</summary>
    private static string? SharedKey(
        SqlDialect dialect,
        RelationNode node,
        ImmutableArray<ColumnSchema> columns,
        IReadOnlyList<RowSet> before
    )
    {
        var key = (node as ModelNode)?.Config.UniqueKey ?? [];
        foreach (
            var column in columns
                .Select(column => column.Name)
                .Where(name => !name.StartsWith('_'))
                .OrderByDescending(name => key.Contains(name, StringComparer.OrdinalIgnoreCase))
                .ThenByDescending(name => name.EndsWith("id", StringComparison.OrdinalIgnoreCase))
        )
        {
            foreach (var rows in before)
            {
                var place = rows.Columns.PlaceOf(column);
                if (place < 0)
                    continue;
                var values = rows
                    .Rows.Select(row => ValueText.Of(row[place]))
                    .OfType<string>()
                    .Distinct()
                    .ToList();
                if (values.Count == 0)
                    continue;
                var text = dialect.TypeName(SqlType.Text);
                return $"cast({dialect.QuoteIdentifier(column)} as {text}) in ({string.Join(", ", values.Select(dialect.QuoteString))})";
            }
        }
        return null;
    }

    // a column that is personal anywhere above is personal wherever it is handed down to under its name
    private HashSet<string> PersonalColumns(ModelNode model)
    {
        var personal = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var seen = new HashSet<string>();
        var open = new Stack<string>([model.UniqueId]);
        while (open.TryPop(out var id))
        {
            if (!seen.Add(id) || request.Manifest.Find<RelationNode>(id) is not { } node)
                continue;
            personal.UnionWith(node.Columns.Where(IsPersonal).Select(column => column.Name));
            foreach (var parent in node.DependsOn)
                open.Push(parent);
        }
        return personal;
    }

    private static bool IsPersonal(ColumnInfo column) =>
        column.Tags.Contains(Personal, StringComparer.OrdinalIgnoreCase)
        || column.Meta.GetValueOrDefault(Personal) is true;

    private CapturedInput Masked(RelationNode node, RowSet rows, HashSet<string> personal)
    {
        var places = Enumerable
            .Range(0, rows.Columns.Length)
            .Where(i => personal.Contains(rows.Columns[i].Name))
            .ToImmutableArray();
        var masked = rows.Rows.Select(row =>
        {
            var copy = (object?[])row.Clone();
            foreach (var i in places)
                copy[i] = _mask.Mask(row[i], ColumnKinds.IsText(rows.Columns[i].Type));
            return copy;
        });
        return new CapturedInput(node, rows with { Rows = [.. masked] }, places.Length);
    }
}
