using System.Collections.Immutable;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;
using Strata.Compiler.Manifest.Models;
using Strata.Compiler.Manifest.Sources;
using Strata.Compiler.Rendering.Linking;
using Strata.Compiler.Sql;
using Strata.Compiler.Text;
using Strata.Runner.Adapters;
using Strata.Runner.Adapters.Errors;
using Strata.Runner.Binding;
using Strata.Runner.Execution;
using Strata.Runner.Execution.Staging;
using Strata.Runner.Files;
using Strata.Runner.Materializations;

namespace Strata.Runner.Checking;

/// <summary>Binds the queries of models, each after all that it reads.</summary>
/// <param name="tests">The tests that are bound as well.</param>
internal sealed class ModelChecker(
    PrivateEngines engines,
    ErrorJudge judge,
    ProjectManifest manifest,
    IEnumerable<TestNode> tests
)
{
    private readonly ILookup<string, string> _tested = tests
        .Where(test => test.AttachedNode is not null && test.Column is not null)
        .ToLookup(test => test.AttachedNode ?? "", test => test.Column ?? "");

    private readonly Dictionary<string, CheckedModel> _models = new(StringComparer.Ordinal);

    /// <summary>By id of what is not known whole: the node that is to blame, which may lie far above.</summary>
    private readonly Dictionary<string, string> _causes = new(StringComparer.Ordinal);

    public async Task<CheckedModel> CheckAsync(ModelNode model, CancellationToken cancellationToken) =>
        _models[model.UniqueId] = await FindAsync(model, cancellationToken);

    /// <summary>Why something that reads a node cannot be bound; null if all is known of the node.</summary>
    public UncheckedReason? FindBroken(Node reader) =>
        reader
            .DependsOn.Select(id => _models.GetValueOrDefault(id))
            .OfType<CheckedModel>()
            .Where(input => !input.Binds)
            .Select(input => new UncheckedReason(
                input.Status == CheckStatus.HasErrors
                    ? $"it reads '{input.Model.Name}', which has errors"
                    : $"it reads '{input.Model.Name}', which was not checked",
                null
            ))
            .FirstOrDefault();

    /// <summary>The columns of a model that was checked, as far as they are known.</summary>
    public ImmutableArray<string> ColumnsOf(ModelNode model) =>
        _models.GetValueOrDefault(model.UniqueId)?.Columns ?? [];

    private async Task<CheckedModel> FindAsync(ModelNode model, CancellationToken cancellationToken)
    {
        if (FindBroken(model) is { } broken)
            return new CheckedModel(model, CheckStatus.NotChecked) { Reason = broken, Binds = false };
        if (model.IsRenderedAtRun)
            return new CheckedModel(model, CheckStatus.NotChecked) { Reason = ReasonOf(model) };
        var on = await engines.FindAsync(model.Engine, model.Connection, cancellationToken);
        if (on is null)
            return Unreachable(model);
        var full = await BindAsync(on, model, model.Full, NodeStatements.Subject(model), cancellationToken);
        var found = full.Problems.ToBuilder();
        var columns = full.Columns;
        if (columns is not { IsComplete: true } && full.Unknown.FirstOrDefault() is { } cause)
            _causes[model.UniqueId] = _causes.GetValueOrDefault(cause, cause);
        await on.Types.KeepAsync(model, columns ?? InputColumns.Unknown, cancellationToken);
        if (columns is { IsComplete: true })
            found.AddRange(CheckColumns(on.Engine.Dialect, model, columns.Columns));
        found.AddRange(FindUnreadable(on.Engine.Dialect, model));
        var reason = full.Reason;
        if (
            model.Incremental is { } incremental
            && incremental.Text != model.Full.Text
            // its own table has the columns of the other rendering
            && (columns is not null || incremental.Reads.All(one => one.Kind != ReferenceKind.This))
        )
        {
            var batch = await BindAsync(
                on,
                model,
                incremental,
                $"the incremental query of {NodeStatements.Subject(model)}",
                cancellationToken
            );
            // the part that both have is wrong once
            found.AddRange(
                batch.Problems.Where(one =>
                    !found.Any(other =>
                        other.Span?.ToString() == one.Span?.ToString()
                        && other.Details.SequenceEqual(one.Details)
                    )
                )
            );
            reason ??= batch.Reason;
        }
        if (engines.Unreachable.ContainsKey(model.Connection))
            return Unreachable(model);
        var hasErrors = found.Any(one => one.IsError);
        return new CheckedModel(
            model,
            hasErrors ? CheckStatus.HasErrors
                : reason is null ? CheckStatus.Checked
                : CheckStatus.NotChecked
        )
        {
            Diagnostics = found.ToImmutable(),
            Columns =
            [
                .. PublishedColumns
                    .Of(on.Engine.Dialect, model, columns?.Columns ?? [])
                    .Select(column => column.Name),
            ],
            Reason = hasErrors ? null : reason,
            Binds = full.Problems.IsEmpty && !found.Any(one => one.Code == SqlDiagnostics.DoubledColumn),
        };
    }

    private CheckedModel Unreachable(ModelNode model) =>
        new(model, CheckStatus.NotChecked)
        {
            Reason = new UncheckedReason($"connection '{model.Connection}' is not available", null),
            Binds = false,
        };

    /// <summary>The landed files of a view that only models which keep rows can read.</summary>
    private IEnumerable<Diagnostic> FindUnreadable(SqlDialect dialect, ModelNode model) =>
        model.Config.Materialized != Materialization.View
            ? []
            : model
                .Full.Reads.Select(reference => manifest.Find<SourceNode>(reference.NodeId))
                .OfType<SourceNode>()
                .Where(source => source.Connection == model.Connection)
                .Distinct()
                .Select(source =>
                    source.Files is { } files && FilesQuery.FindUnsupported(files) is { } option
                        ? FileDiagnostics.NeedsLanding(
                            source.Declaration,
                            $"{source.SourceName}.{source.Name}",
                            option,
                            dialect.Name
                        )
                        : null
                )
                .OfType<Diagnostic>();

    private IEnumerable<Diagnostic> CheckColumns(
        SqlDialect dialect,
        ModelNode model,
        ImmutableArray<ColumnSchema> query
    )
    {
        if (
            model.Config.Materialized != Materialization.Ephemeral
            && StageQuery.FindDoubled(dialect, model, query) is { } doubled
        )
            return [doubled];
        if (StageQuery.FindSystemColumn(dialect, model, query) is { } hidden)
            return [hidden];
        var published = PublishedColumns.Of(dialect, model, query);
        var named = NamedColumns.Check(
            model,
            query,
            published,
            column => _tested[model.UniqueId].Contains(column, StringComparer.OrdinalIgnoreCase)
        );
        return
            model.Config.ContractEnforced == true
            && ContractCheck.Find(dialect, model, published) is { } broken
            ? named.Append(broken)
            : named;
    }

    private async Task<Bound> BindAsync(
        TypedEngine on,
        ModelNode model,
        CompiledSql sql,
        string subject,
        CancellationToken cancellationToken
    )
    {
        var (body, unknown) = await on.Types.BindAsync(sql, model, cancellationToken);
        var statement = ModelStatement.Around("", body);
        try
        {
            var columns = await on.Engine.TryAsync(
                session => session.DescribeQueryAsync(statement.Text, cancellationToken),
                cancellationToken
            );
            return new Bound(unknown)
            {
                Columns = new InputColumns(columns, unknown.IsEmpty || !SqlShape.HasStar(sql.Text)),
            };
        }
        catch (EngineException e)
        {
            var (span, suffix) = statement.Locate(e.Error, model.Declaration);
            if (e.Error.Kind == EngineErrorKind.Connection)
                engines.Lose(model.Connection, e.Error);
            if (!ErrorJudge.IsSyntax(e.Error))
            {
                if (unknown.FirstOrDefault() is { } input)
                    return new Bound(unknown) { Reason = ReasonOf(input, model) };
                if (judge.FindDoubt(e.Error, model.Connection, model.Engine) is { } doubt)
                    return new Bound(unknown) { Reason = doubt with { Place = span } };
            }
            return new Bound(unknown)
            {
                Problems = [e.Error.ToDiagnostic(on.Engine.Dialect.Name, subject, span, suffix)],
            };
        }
    }

    private UncheckedReason ReasonOf(string input, ModelNode reader)
    {
        var cause = _causes.GetValueOrDefault(input, input);
        if (cause == reader.UniqueId)
            return new UncheckedReason("its full build reads its own table", reader.Declaration);
        return manifest.Find<RelationNode>(cause) is { } node
            ? ReasonOf(node)
            : new UncheckedReason($"'{cause}' is not known", reader.Declaration);
    }

    private UncheckedReason ReasonOf(RelationNode node)
    {
        if (engines.Unreachable.ContainsKey(node.Connection))
            return new UncheckedReason($"connection '{node.Connection}' is not available", null);
        return node switch
        {
            SourceNode { Files: { } files } source => new UncheckedReason(
                $"the columns of source '{source.SourceName}.{source.Name}' are only known from its files",
                source.Declaration
            )
            {
                Hint = files.Columns.IsEmpty
                    ? "declare its columns, each with a data_type"
                    : "name the columns that the query needs, in place of a '*'; those that are declared are known",
            },
            SourceNode source => new UncheckedReason(
                $"the columns of source '{source.SourceName}.{source.Name}' are not declared",
                source.Declaration
            )
            {
                Hint = "declare its columns, each with a data_type",
            },
            ModelNode { IsRenderedAtRun: true } => new UncheckedReason(
                $"'{node.Name}' queries its database while it is rendered",
                node.Declaration
            )
            {
                Hint = "its readers can be checked if it has a contract: 'contract: { enforced: true }'",
            },
            _ => new UncheckedReason($"the columns of '{node.Name}' are not known", node.Declaration),
        };
    }

    /// <summary>What came of binding one rendering: its columns, or what is wrong with it, or why that cannot be told.</summary>
    private sealed record Bound(ImmutableArray<string> Unknown)
    {
        public InputColumns? Columns { get; init; }

        public ImmutableArray<Diagnostic> Problems { get; init; } = [];

        public UncheckedReason? Reason { get; init; }
    }
}
