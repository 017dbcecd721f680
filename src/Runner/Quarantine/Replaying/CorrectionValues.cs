using System.Collections.Immutable;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Sql;
using Strata.Compiler.Text.Csv;
using Strata.Runner.Adapters;
using Strata.Runner.Adapters.Errors;
using Strata.Runner.Binding;
using Strata.Runner.Execution;

namespace Strata.Runner.Quarantine.Replaying;

/// <summary>Whether the values of a file of corrections are values of their columns, and stay what they are there.</summary>
internal sealed class CorrectionValues(SessionPool.Lease lease, SqlDialect dialect, Corrections corrections)
{
    /// <param name="columns">The columns of the quarantine that are corrected, in the order of the file.</param>
    /// <exception cref="NodeFailedException">With the place of the first value that does not fit its column.</exception>
    public async Task CheckAsync(ImmutableArray<ColumnSchema> columns, CancellationToken cancellationToken)
    {
        foreach (var (place, column) in columns.Index())
        {
            var fields = corrections
                .Rows.Select(row => row.Values[place])
                .Where(field => field.Value is not null)
                .ToImmutableArray();
            // an engine cuts in silence what has no room
            foreach (var field in fields)
            {
                if (!LosslessCast.Keeps(field.Value ?? "", column.Type, dialect.Engine))
                    throw NotAValue(
                        field,
                        column,
                        LosslessCast.FindOtherSpelling(field.Value ?? "", column.Type, dialect.Engine)
                    );
            }
            if (await FindRefusedAsync(fields, column, cancellationToken) is var (refused, words))
                throw NotAValue(refused, column, words);
        }
    }

    /// <summary>The first field that the engine does not take for a value of the column.</summary>
    private async Task<(CsvField Field, string Words)?> FindRefusedAsync(
        ImmutableArray<CsvField> fields,
        ColumnSchema column,
        CancellationToken cancellationToken
    )
    {
        if (fields.IsEmpty || await WhyRefusedAsync(fields, column, cancellationToken) is not { } words)
            return null;
        if (fields.Length == 1)
            return (fields[0], words);
        var half = fields.Length / 2;
        return await FindRefusedAsync(fields[..half], column, cancellationToken)
            ?? await FindRefusedAsync(fields[half..], column, cancellationToken);
    }

    private async Task<string?> WhyRefusedAsync(
        ImmutableArray<CsvField> fields,
        ColumnSchema column,
        CancellationToken cancellationToken
    )
    {
        var text = dialect.TypeName(SqlType.Text);
        var values = fields.Select(field => $"(cast({dialect.QuoteString(field.Value ?? "")} as {text}))");
        try
        {
            await lease.Session.QueryAsync(
                $"select count(cast(v.c as {column.Type})) from (values {string.Join(", ", values)}) as v(c)",
                1,
                cancellationToken
            );
            return null;
        }
        catch (EngineException e) when (e.Error.Kind is EngineErrorKind.Data or EngineErrorKind.Statement)
        {
            return e.Error.Message;
        }
    }

    private NodeFailedException NotAValue(CsvField field, ColumnSchema column, string? words) =>
        new(
            QuarantineDiagnostics.NotAValue(
                corrections.Source.Span(field.Span),
                field.Value ?? "",
                column.Name,
                column.Type,
                words
            )
        );
}
