using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;
using Strata.Compiler.Manifest.Models;
using Strata.Runner.Adapters;
using Strata.Runner.Adapters.Errors;
using Strata.Runner.Binding;

namespace Strata.Runner.Execution.Staging;

/// <summary>
/// Whether what an engine does not find is a column that the query of an upstream gives, and that its table is not to have: <c>on_schema_change: ignore</c>.
/// The query is bound over empty tables, as <c>strata check</c> does it, so that it does not matter which run has left the column out.
/// </summary>
internal sealed class IgnoredColumns(RunContext context)
{
    /// <returns>The error with a hint that names the column; null where that is not the reason.</returns>
    public async Task<Diagnostic?> FindAsync(
        ModelNode reader,
        Diagnostic error,
        CancellationToken cancellationToken
    )
    {
        ImmutableArray<(ModelNode Model, ImmutableArray<ColumnSchema> Table)> upstreams =
        [
            .. GrownBy(reader)
                .Select(model =>
                    (model, context.Connections.GetValueOrDefault(model.Connection)?.Find(model.Relation))
                )
                .Where(one => one.Item2 is { Columns.IsEmpty: false })
                .Select(one => (one.model, one.Item2!.Columns)),
        ];
        if (upstreams.IsEmpty)
            return null;
        await using var engines = new PrivateEngines(context.Request);
        foreach (var (upstream, table) in upstreams)
        {
            var query = await QueryAsync(engines, upstream, cancellationToken);
            var column = query.FirstOrDefault(one => !table.Has(one.Name) && IsNamed(one.Name, error));
            if (column is not null)
                return error with { Hint = TableDiagnostics.IgnoredColumnHint(upstream.Name, column.Name) };
        }
        return null;
    }

    /// <summary>The nearest models above one that keep their columns as they are; views and what is ephemeral have those of what they read.</summary>
    private IEnumerable<ModelNode> GrownBy(ModelNode reader) =>
        reader
            .DependsOn.Where(id => id != reader.UniqueId)
            .Select(context.Manifest.Find<ModelNode>)
            .OfType<ModelNode>()
            .SelectMany(model =>
                model.Config switch
                {
                    { Materialized: Materialization.View or Materialization.Ephemeral } => GrownBy(model),
                    { Materialized: Materialization.Incremental, OnSchemaChange: OnSchemaChange.Ignore } =>
                    [
                        model,
                    ],
                    _ => [],
                }
            )
            .DistinctBy(model => model.UniqueId);

    private static async Task<ImmutableArray<ColumnSchema>> QueryAsync(
        PrivateEngines engines,
        ModelNode model,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await engines.FindAsync(model.Engine, model.Connection, cancellationToken) is { } on
                ? (await on.Types.ColumnsOfAsync(model.UniqueId, null, cancellationToken)).Columns
                : [];
        }
        catch (EngineException)
        {
            // the error that led here has been said
            return [];
        }
    }

    private static bool IsNamed(string column, Diagnostic error) =>
        error.Details.Any(line =>
            Regex.IsMatch(line, $@"(?<!\w){Regex.Escape(column)}(?!\w)", RegexOptions.IgnoreCase)
        );
}
