using System.Collections.Immutable;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;
using Strata.Compiler.Manifest.Models;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;
using Strata.Runner.Adapters.Errors;
using Strata.Runner.Files;
using Strata.Runner.Materializations;

namespace Strata.Runner.Execution.Staging;

/// <summary>
/// Makes a stage out of a model's query, which must give each column once: of two columns with one name an engine refuses the
/// second, or publishes it under a name that nobody chose.
/// </summary>
internal sealed class StageQuery(RunContext context, NodeStatements statements)
{
    private readonly IgnoredColumns _ignored = new(context);

    /// <returns>The rows, as the engine counts them; and the columns of the stage.</returns>
    public async Task<(long Given, ImmutableArray<ColumnSchema> Columns)> RunAsync(
        SessionPool.Lease lease,
        ConnectionRun on,
        ModelNode model,
        ModelStatement create,
        RelationName place,
        CancellationToken cancellationToken
    )
    {
        long given;
        try
        {
            given = await statements.RunAsync(lease, model, create, cancellationToken);
        }
        catch (NodeFailedException e) when (e.Diagnostics is [{ Code: EngineDiagnostics.RejectedStatement }])
        {
            await RefuseDoubledAsync(lease, on, model, create, cancellationToken);
            if (await _ignored.FindAsync(model, e.Diagnostics[0], cancellationToken) is { } explained)
                throw new NodeFailedException(explained) { NodeId = e.NodeId, Tests = e.Tests };
            throw;
        }
        var columns = await statements.DescribeAsync(lease, on, model, place, cancellationToken);
        if (columns.Any(column => IsNumbered(column.Name, columns)))
            await RefuseDoubledAsync(lease, on, model, create, cancellationToken);
        if (FindSystemColumn(on.Dialect, model, columns) is { } hidden)
            throw new NodeFailedException(hidden);
        return (given, columns);
    }

    /// <summary><c>id_1</c> beside <c>id</c>: it may be called so, or have been given the name.</summary>
    private static bool IsNumbered(string name, ImmutableArray<ColumnSchema> columns)
    {
        var bare = name.AsSpan().TrimEnd("0123456789");
        if (bare.Length == name.Length || bare is not [.. var first, '_' or ':'])
            return false;
        var own = first.ToString();
        return columns.Has(own);
    }

    /// <summary>Asks the query by itself, which no engine runs for it.</summary>
    private static async Task RefuseDoubledAsync(
        SessionPool.Lease lease,
        ConnectionRun on,
        ModelNode model,
        ModelStatement create,
        CancellationToken cancellationToken
    )
    {
        // what takes its columns from a table that is there gives none twice
        if (create.Body is null)
            return;
        ImmutableArray<ColumnSchema> columns;
        try
        {
            columns = await lease.Session.DescribeQueryAsync(
                create.Text[create.BodyOffset..],
                cancellationToken
            );
        }
        catch (EngineException)
        {
            // it is wrong in itself, which has been said
            return;
        }
        if (FindDoubled(on.Dialect, model, columns) is { } doubled)
            throw new NodeFailedException(doubled);
    }

    /// <summary>A column of a query by which its table would hide where its rows are; null if there is none. A view has no rows of its own.</summary>
    public static Diagnostic? FindSystemColumn(
        SqlDialect dialect,
        ModelNode model,
        ImmutableArray<ColumnSchema> columns
    ) =>
        model.Config.Materialized is not (Materialization.View or Materialization.Ephemeral)
        && columns.FirstOrDefault(column => dialect.IsSystemColumn(column.Name)) is { } hidden
            ? SqlDiagnostics.SystemColumn(
                model.Declaration,
                $"the query of '{model.Name}' returns",
                hidden.Name,
                dialect.Name,
                model.Config.Materialized == Materialization.Snapshot
                    ? "let the snapshot read a view that gives it another name with 'as', or leaves it out with '* exclude'"
                    : "give it another name with 'as', or '* exclude' it, or make the model a view"
            )
            : null;

    /// <summary>Which columns a query gives more than once; null if it gives none so.</summary>
    public static Diagnostic? FindDoubled(
        SqlDialect dialect,
        ModelNode model,
        ImmutableArray<ColumnSchema> columns
    )
    {
        var sameName = dialect.FoldsCase ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal;
        ImmutableArray<string> doubled =
        [
            .. columns
                .GroupBy(column => column.Name, sameName)
                .Where(same => same.Count() > 1)
                .Select(same => same.Key),
        ];
        return doubled.IsEmpty
            ? null
            : SqlDiagnostics.DoubledColumns(
                model.Declaration,
                model.Name,
                doubled,
                doubled.Any(SourceMarks.Names.Contains)
            );
    }
}
