using System.Collections.Immutable;
using System.Globalization;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest.Tests;
using Strata.Compiler.Rendering.Linking;
using Strata.Compiler.Sql;
using Strata.Compiler.Text;
using Strata.Runner.Adapters;
using Strata.Runner.Adapters.Errors;
using Strata.Runner.Binding;
using Strata.Runner.Execution;
using Strata.Tests.Engine.UnitTests;

namespace Strata.Runner.UnitTests;

/// <summary>
/// The rows that a test expects, as values that can be compared with those the engine gives. Numbers are read here, so
/// that no cast rounds what the test says; everything else is read by the engine, as the type that the model gives.
/// </summary>
internal sealed class ExpectedRows(PrivateEngine engine)
{
    /// <summary>More are not compared.</summary>
    public const int MostRows = 100_000;

    /// <param name="columns">The expected columns, with the types that the model gives.</param>
    public Task<ImmutableArray<object?[]>> ReadAsync(
        UnitTestRows expect,
        ImmutableArray<ColumnSchema> columns,
        CancellationToken cancellationToken
    ) =>
        expect.Sql is { } sql
            ? QueryAsync(sql, expect.Declaration, columns, cancellationToken)
            : ReadCellsAsync(expect, columns, cancellationToken);

    private async Task<ImmutableArray<object?[]>> QueryAsync(
        CompiledSql sql,
        SourceSpan place,
        ImmutableArray<ColumnSchema> columns,
        CancellationToken cancellationToken
    )
    {
        var names = columns.Select(column => engine.Dialect.QuoteIdentifier(column.Name)).ToList();
        var selected = columns.Select(
            (column, i) =>
                ColumnKinds.IsNumber(column.Type)
                    ? names[i]
                    : $"cast({names[i]} as {column.Type}) as {names[i]}"
        );
        // what a cast may cut is read as it is, too
        ImmutableArray<int> read =
        [
            .. Enumerable
                .Range(0, columns.Length)
                .Where(i =>
                    !ColumnKinds.IsNumber(columns[i].Type)
                    && LosslessCast.MayLose(columns[i].Type, engine.Dialect.Engine)
                ),
        ];
        selected = selected.Concat(read.Select(i => $"{names[i]} as strata_given_{i}"));
        try
        {
            var rows = await engine.TryAsync(
                session =>
                    session.QueryAsync(
                        $"select {string.Join(", ", selected)} from (\n{SqlShape.WithoutTerminator(sql.Text)}\n) as expected",
                        MostRows,
                        cancellationToken
                    ),
                cancellationToken
            );
            return rows.IsTruncated
                ? throw new NodeFailedException(
                    UnitTestDiagnostics.TooManyRows(place, "the query of the expected rows returns", MostRows)
                )
                : Kept(rows.Rows, place, columns, read);
        }
        catch (EngineException e)
        {
            throw new NodeFailedException(
                e.Error.ToDiagnostic(engine.Dialect.Name, "the expected rows", sql.Map.Find(0)?.Span)
            );
        }
    }

    /// <param name="read">Positions of the columns that follow once more, as the query gives them.</param>
    private ImmutableArray<object?[]> Kept(
        ImmutableArray<object?[]> rows,
        SourceSpan place,
        ImmutableArray<ColumnSchema> columns,
        ImmutableArray<int> read
    )
    {
        if (read.IsEmpty)
            return rows;
        var problems = read.Select(
                (column, i) =>
                    CutValues.FindCut(
                        rows.Select(row => row[columns.Length + i]),
                        place,
                        columns[column],
                        engine.Dialect.Engine
                    )
            )
            .OfType<Diagnostic>()
            .ToImmutableArray();
        return problems.IsEmpty
            ? [.. rows.Select(row => row[..columns.Length])]
            : throw new NodeFailedException(problems);
    }

    private async Task<ImmutableArray<object?[]>> ReadCellsAsync(
        UnitTestRows expect,
        ImmutableArray<ColumnSchema> columns,
        CancellationToken cancellationToken
    )
    {
        var rows = ImmutableArray.CreateBuilder<object?[]>();
        var problems = ImmutableArray.CreateBuilder<Diagnostic>();
        foreach (var row in expect.Rows)
        {
            var values = new object?[columns.Length];
            for (var i = 0; i < values.Length; i++)
            {
                if (row[i].Text is not { } text)
                    continue;
                values[i] = await ReadAsync(row[i], text, columns[i], problems, cancellationToken);
            }
            rows.Add(values);
        }
        if (problems.Count > 0)
            throw new NodeFailedException(problems.ToImmutable());
        return rows.ToImmutable();
    }

    private async Task<object?> ReadAsync(
        UnitTestCell cell,
        string text,
        ColumnSchema column,
        ImmutableArray<Diagnostic>.Builder problems,
        CancellationToken cancellationToken
    )
    {
        if (
            ColumnKinds.IsText(column.Type)
            && !ColumnKinds.IsPadded(column.Type)
            && cell.Value is string or bool or long or double
        )
            return text;
        if (ColumnKinds.IsNumber(column.Type))
        {
            if (Number(cell, text) is { } number)
                return number;
            problems.Add(UnitTestDiagnostics.BadValue(cell.Span, $"'{text}'", column.Name, column.Type));
            return null;
        }
        if (CutValues.FindCut(cell, column, engine.Dialect.Engine) is { } cut)
        {
            problems.Add(cut);
            return null;
        }
        try
        {
            var value = await engine.TryAsync(
                session =>
                    session.QueryAsync(
                        $"select {FixtureSql.Value(engine.Dialect, cell, column.Type)}",
                        1,
                        cancellationToken
                    ),
                cancellationToken
            );
            return value.Scalar;
        }
        catch (EngineException)
        {
            if (await new CellValues(engine).FindBadAsync(cell, column, cancellationToken) is { } problem)
                problems.Add(problem);
            return null;
        }
    }

    private static object? Number(UnitTestCell cell, string text)
    {
        const NumberStyles plain = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint;
        var culture = CultureInfo.InvariantCulture;
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, culture, out var whole))
            return whole;
        // decimal.Parse rounds what it cannot hold: 28 digits are always exact
        if (text.Count(char.IsAsciiDigit) <= 28 && decimal.TryParse(text, plain, culture, out var exact))
            return exact;
        // all digits, as engines give such numbers too
        if (ExactNumber.Parse(text) is not null)
            return text;
        // as only YAML writes them
        if (cell.Value is double or long)
            return cell.Value;
        return double.TryParse(text, NumberStyles.Float, culture, out var number) ? number : null;
    }
}
