using System.Collections.Immutable;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;
using Strata.Compiler.Rendering.Introspection;
using Strata.Runner.Execution.Landing;
using Strata.Runner.Materializations;

namespace Strata.Runner.Execution.Staging;

/// <summary>
/// Renders the models that ask their engine something: answers the open questions and renders again, until
/// none are left. What a question reads is what the model will read: post-images of this run included.
/// </summary>
internal sealed class RunTimeQuestions(RunContext context, RelationBinder binder, NodeStatements statements)
{
    private readonly InPlaceFiles _inPlace = new(context);

    // each round answers all that could be asked with the answers before; a pivot of a pivot takes three
    private const int MaxRounds = 20;

    /// <summary>The model with its final SQL in place of the provisional one.</summary>
    public async Task<ModelNode> SettleAsync(
        SessionPool.Lease lease,
        ModelNode model,
        bool isIncremental,
        CancellationToken cancellationToken
    )
    {
        if (!model.IsRenderedAtRun)
            return model;
        var renderer =
            context.Request.Renderer
            ?? throw new InvalidOperationException($"nobody can render '{model.Name}' at run time");
        var answers = ImmutableDictionary<string, DatabaseAnswer>.Empty.WithComparers(StringComparer.Ordinal);
        for (var round = 0; round < MaxRounds; round++)
        {
            var rendering = renderer.Render(model, isIncremental, answers);
            if (rendering.Sql is { } sql)
                return isIncremental ? model with { Incremental = sql } : model with { Full = sql };
            if (rendering.Open.IsEmpty)
                throw new NodeFailedException(rendering.Diagnostics);
            foreach (var question in rendering.Open)
            {
                var answer = await AnswerAsync(lease, model, question, cancellationToken);
                answers = answers.Add(question.Key, answer);
            }
        }
        throw new NodeFailedException(
            SqlDiagnostics.TooManyQuestions(model.Declaration, model.Name, MaxRounds)
        );
    }

    private async Task<DatabaseAnswer> AnswerAsync(
        SessionPool.Lease lease,
        ModelNode model,
        DatabaseQuestion question,
        CancellationToken cancellationToken
    )
    {
        var files = await _inPlace.OfferAsync(
            lease,
            context.Connections[model.Connection],
            question.Sql.Reads.Select(reference => reference.NodeId),
            InPlaceFiles.OnlyGoodIfSetAside,
            cancellationToken
        );
        var statement = ModelStatement.Around(
            "",
            binder.Bind(question.Sql, model.Connection, new ReadScope(files))
        );
        if (question.WantsColumns)
        {
            var columns = await statements.DescribeAsync(lease, model, statement, cancellationToken);
            return new DatabaseAnswer([.. columns.Select(column => (column.Name, column.Type))], []);
        }
        var rows = await statements.QueryAsync(
            lease,
            model,
            statement,
            DatabaseQuestion.MaxRows,
            cancellationToken
        );
        if (rows.IsTruncated)
            throw new NodeFailedException(
                SqlDiagnostics.TooManyRows(question.Origin.Outermost.Span, DatabaseQuestion.MaxRows)
            );
        return new DatabaseAnswer([.. rows.Columns.Select(column => (column.Name, column.Type))], rows.Rows);
    }
}
