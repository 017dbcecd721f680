using System.Collections.Immutable;
using System.Globalization;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;
using Strata.Compiler.Manifest.Models;
using Strata.Compiler.Manifest.Sources;
using Strata.Compiler.Sql;
using Strata.Compiler.Text;
using Strata.Runner.Adapters;
using Strata.Runner.Adapters.Errors;
using Strata.Runner.Execution.Landing;
using Strata.Runner.Files.Landing;
using Strata.Runner.Files.Landing.Typing;
using Strata.Runner.Materializations;

namespace Strata.Runner.Execution;

/// <summary>Sends a node's statements to its engine; an engine's error becomes a diagnostic at the node's own line.</summary>
internal sealed class NodeStatements(RunContext context)
{
    private const int LongestStatement = 200;

    public Task<long> RunAsync(
        SessionPool.Lease lease,
        Node node,
        ModelStatement statement,
        CancellationToken cancellationToken
    ) =>
        GuardAsync(
            lease,
            node,
            statement,
            () => lease.Session.ExecuteAsync(statement.Text, cancellationToken),
            cancellationToken
        );

    /// <summary>What a model wants to be run before its own statements.</summary>
    public async Task RunPreHooksAsync(
        SessionPool.Lease lease,
        ModelNode model,
        CancellationToken cancellationToken
    )
    {
        lease.IsSetUp |= !model.Config.PreHooks.IsEmpty;
        foreach (var (place, hook) in model.Config.PreHooks.Index())
        {
            var statement = new ModelStatement(hook)
            {
                Subject = HookSubject("pre_hook", place, model.Name),
                Place = PlaceOf(model.Config.PreHookPlaces, place),
            };
            await RunAsync(lease, model, statement, cancellationToken);
        }
    }

    /// <summary>Where a hook is written; null where that is not known.</summary>
    public static SourceSpan? PlaceOf(ImmutableArray<SourceSpan> places, int place) =>
        place < places.Length ? places[place] : null;

    /// <summary><c>post_hook 2 of 'orders'</c></summary>
    /// <param name="place">Counted from 0.</param>
    public static string HookSubject(string key, int place, string model) =>
        string.Create(CultureInfo.InvariantCulture, $"{key} {place + 1} of '{model}'");

    public Task<RowSet> QueryAsync(
        SessionPool.Lease lease,
        Node node,
        string sql,
        int maxRows,
        CancellationToken cancellationToken
    ) => QueryAsync(lease, node, new ModelStatement(sql), maxRows, cancellationToken);

    public Task<RowSet> QueryAsync(
        SessionPool.Lease lease,
        Node node,
        ModelStatement statement,
        int maxRows,
        CancellationToken cancellationToken
    ) =>
        GuardAsync(
            lease,
            node,
            statement,
            () => lease.Session.QueryAsync(statement.Text, maxRows, cancellationToken),
            cancellationToken
        );

    /// <summary>The columns of a relation, such as a stage.</summary>
    public Task<ImmutableArray<ColumnSchema>> DescribeAsync(
        SessionPool.Lease lease,
        ConnectionRun on,
        Node node,
        RelationName relation,
        CancellationToken cancellationToken
    ) =>
        GuardAsync(
            lease,
            node,
            new ModelStatement($"select * from {on.Dialect.Quote(relation)}"),
            () => lease.Session.DescribeRelationAsync(relation, cancellationToken),
            cancellationToken
        );

    public Task<ImmutableArray<ColumnSchema>> DescribeAsync(
        SessionPool.Lease lease,
        Node node,
        ModelStatement statement,
        CancellationToken cancellationToken
    ) =>
        GuardAsync(
            lease,
            node,
            statement,
            () => lease.Session.DescribeQueryAsync(statement.Text, cancellationToken),
            cancellationToken
        );

    /// <summary>The diagnostic for an engine's error while working on a node.</summary>
    public Diagnostic Explain(EngineError error, Node node, ModelStatement? statement = null)
    {
        var (span, suffix) = statement?.Locate(error, node.Declaration) ?? (node.Declaration, null);
        if (statement?.Subject is null && GrowingSource(error, node) is { } source)
            error = error with
            {
                Hint =
                    $"a column that only some files of '{source}' have? declare it there, and it is null where a file has none",
            };
        if (error.Kind == EngineErrorKind.Data && statement?.DataHint is { } hint)
            error = error with { Hint = hint };
        var connection = node is TestNode test ? test.Connection : ((RelationNode)node).Connection;
        var engine = error.Engine ?? context.Connections[connection].Dialect.Name;
        return statement?.Place is { } place
            ? ExplainHook(error, engine, statement.Subject ?? Subject(node), place, statement.Text)
            : error.ToDiagnostic(engine, statement?.Subject ?? Subject(node), span, suffix);
    }

    /// <summary>The diagnostic for an engine's error in a hook: where the hook is written, and what it said once rendered.</summary>
    public static Diagnostic ExplainHook(
        EngineError error,
        string engine,
        string subject,
        SourceSpan place,
        string sql
    )
    {
        var found = error.ToDiagnostic(engine, subject, place);
        return found with { Details = [.. found.Details, $"statement: {OneLine(sql)}"] };
    }

    private static string OneLine(string sql)
    {
        var line = string.Join(' ', sql.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return line.Length <= LongestStatement ? line : $"{line[..LongestStatement]} ...";
    }

    /// <summary>The source with <c>new_columns: add</c> whose files may lack a column that the engine does not find.</summary>
    private string? GrowingSource(EngineError error, Node node) =>
        error.Kind == EngineErrorKind.Statement
        && error.Message.Contains("column", StringComparison.OrdinalIgnoreCase)
        && node is ModelNode model
            ? context
                .Graph.InputsOf(model)
                .Select(id => context.Manifest.Find<SourceNode>(id))
                .Where(source => source?.Files is { Undeclared: NewFileColumns.Add, Columns.IsEmpty: false })
                .Select(source => $"{source?.SourceName}.{source?.Name}")
                .FirstOrDefault()
            : null;

    /// <summary>The node as messages name it: <c>model 'orders'</c>.</summary>
    public static string Subject(Node node) =>
        node is SourceNode source
            ? $"source '{source.SourceName}.{source.Name}'"
            : $"{node.ResourceType.ToString().ToLowerInvariant()} '{node.Name}'";

    private async Task<T> GuardAsync<T>(
        SessionPool.Lease lease,
        Node node,
        ModelStatement statement,
        Func<Task<T>> run,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await run();
        }
        catch (EngineException e)
        {
            // what a hook has set up is there only once
            lease.IsBroken = !lease.IsSetUp;
            var error =
                e.Error.Kind == EngineErrorKind.File || MisfitError.Find(e.Error) is not null
                    ? await LandedProblems.ExplainAsync(
                        e.Error,
                        LandedBehind.Of(context, LandedBehind.ReadBy(node)),
                        cancellationToken
                    )
                    : e.Error;
            throw new NodeFailedException(Explain(error, node, statement));
        }
        catch (OperationCanceledException)
        {
            lease.IsBroken = true;
            throw;
        }
    }
}
