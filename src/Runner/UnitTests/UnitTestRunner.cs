using System.Collections.Immutable;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;
using Strata.Compiler.Manifest.Tests;
using Strata.Compiler.Rendering.Linking;
using Strata.Runner.Adapters;
using Strata.Runner.Adapters.Errors;
using Strata.Runner.Adapters.Values;
using Strata.Runner.Binding;
using Strata.Runner.Execution;
using Strata.Runner.Materializations;
using Strata.Runner.Results;
using Strata.Tests.Engine.UnitTests;

namespace Strata.Runner.UnitTests;

/// <summary>Runs unit tests on one engine: tables of the given rows, the model's query over them, and what differs.</summary>
internal sealed class UnitTestRunner(
    PrivateEngine engine,
    InputTypes types,
    ProjectManifest manifest,
    TimeProvider clock
)
{
    private readonly FixtureTables _fixtures = new(engine, types, manifest);

    public async Task<UnitTestResult> RunAsync(UnitTestNode test, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        UnitTestResult result;
        try
        {
            result = await CompareAsync(test, cancellationToken);
        }
        catch (NodeFailedException e)
        {
            result = Broken(test, e.Diagnostics);
        }
        catch (EngineException e)
        {
            result = Broken(
                test,
                [e.Error.ToDiagnostic(engine.Dialect.Name, Subject(test), test.Declaration)]
            );
        }
        return result with { Duration = clock.GetElapsedTime(started) };
    }

    /// <summary>The rows that the model gives for what the test gives: all its columns.</summary>
    public async Task<RowSet> EvaluateAsync(UnitTestNode test, CancellationToken cancellationToken)
    {
        var tables = await _fixtures.CreateAsync(test, cancellationToken);
        var rows = await GuardAsync(
            test,
            ModelStatement.Around("", Bind(test, tables)),
            (session, sql) => session.QueryAsync(sql, ExpectedRows.MostRows, cancellationToken),
            cancellationToken
        );
        return All(rows, test);
    }

    private async Task<UnitTestResult> CompareAsync(UnitTestNode test, CancellationToken cancellationToken)
    {
        var tables = await _fixtures.CreateAsync(test, cancellationToken);
        var body = Bind(test, tables);
        var model = manifest.Nodes[test.Model];
        var given = await GuardAsync(
            test,
            ModelStatement.Around("", body),
            (session, sql) => session.DescribeQueryAsync(sql, cancellationToken),
            cancellationToken
        );
        var warnings = await WarningsAsync(test, model.Name, tables, cancellationToken);
        var columns = await ExpectedColumnsAsync(test, model.Name, given, cancellationToken);
        var names = columns.Select(column => engine.Dialect.QuoteIdentifier(column.Name));
        var list = columns.IsEmpty ? "1 as nothing" : string.Join(", ", names);
        var around = ModelStatement.Around($"select {list} from (\n", body);
        var actual = await GuardAsync(
            test,
            around with
            {
                Text = around.Text + "\n) as actual",
            },
            (session, sql) => session.QueryAsync(sql, ExpectedRows.MostRows, cancellationToken),
            cancellationToken
        );
        actual = All(actual, test);
        var expected = await new ExpectedRows(engine).ReadAsync(test.Expect, columns, cancellationToken);
        // no column is expected: then only that there is no row can be
        var actualRows = columns.IsEmpty ? [.. actual.Rows.Select(_ => Array.Empty<object?>())] : actual.Rows;
        return Judge(test, model, columns, expected, actualRows, tables, warnings);
    }

    private RowSet All(RowSet rows, UnitTestNode test) =>
        rows.IsTruncated
            ? throw new NodeFailedException(
                UnitTestDiagnostics.TooManyRows(
                    test.Declaration,
                    $"model '{manifest.Nodes[test.Model].Name}' gives",
                    ExpectedRows.MostRows
                )
            )
            : rows;

    private static UnitTestResult Judge(
        UnitTestNode test,
        Node model,
        ImmutableArray<ColumnSchema> columns,
        ImmutableArray<object?[]> expected,
        ImmutableArray<object?[]> actual,
        ImmutableArray<FixtureTable> tables,
        ImmutableArray<Diagnostic> warnings
    )
    {
        var comparer = new CellComparer(
            test.Tolerance,
            [.. columns.Select(column => FixtureSql.IsJson(column.Type))],
            [.. columns.Select(column => ColumnKinds.IsNumber(column.Type))]
        );
        var key = KeyOf(model, columns);
        var differences = RowMatcher.Compare(expected, actual, key, comparer);
        if (differences.IsEmpty)
            return new UnitTestResult
            {
                Test = test,
                Status = TestStatus.Pass,
                Differences = 0,
                Diagnostics = warnings,
            };
        var table = new DifferenceTable(
            [.. columns.Select(column => column.Name)],
            key,
            comparer,
            value => ValueText.Of(value) ?? "null"
        );
        var failed = UnitTestDiagnostics.Failed(
            test.Declaration,
            test.Name,
            DifferenceTable.Summary(differences),
            [.. columns.IsEmpty ? [] : table.Lines(differences), .. Notes(tables)],
            Hint(differences)
        );
        return new UnitTestResult
        {
            Test = test,
            Status = TestStatus.Fail,
            Differences = differences.Length,
            Diagnostics = [.. warnings, failed],
        };
    }

    private static string Hint(ImmutableArray<RowDifference> differences)
    {
        var signs = new List<string>();
        if (differences.Any(one => one.IsChanged))
            signs.Add("~ expected -> actual");
        if (differences.Any(one => one.IsMissing))
            signs.Add("- missing");
        if (differences.Any(one => one.IsUnexpected))
            signs.Add("+ unexpected");
        return string.Join("; ", signs);
    }

    /// <summary>What the reader of a difference may not have thought of.</summary>
    private static IEnumerable<string> Notes(ImmutableArray<FixtureTable> tables)
    {
        foreach (var table in tables.Where(table => !table.Guessed.IsEmpty))
            yield return $"{table.Input?.Text}: the types of {string.Join(", ", table.Guessed)} were taken from the given values";
        foreach (var table in tables.Where(table => table.Input is null && table.Given.IsEmpty))
            yield return table.Key.Kind == ReferenceKind.This
                ? "this: no rows are given for it, so it is empty"
                : $"{table.Table.Name}: no rows are given for it, so it is empty";
    }

    private async Task<ImmutableArray<Diagnostic>> WarningsAsync(
        UnitTestNode test,
        string model,
        ImmutableArray<FixtureTable> tables,
        CancellationToken cancellationToken
    )
    {
        var warnings = ImmutableArray.CreateBuilder<Diagnostic>();
        foreach (var table in tables)
        {
            if (table is not { Input: { Rows: not null } input, Lacking.IsEmpty: false })
                continue;
            var read = await ColumnsRead.FindAsync(engine, manifest, test, tables, table, cancellationToken);
            if (!read.IsEmpty)
                warnings.Add(UnitTestDiagnostics.LacksColumns(input.Declaration, input.Text, model, read));
        }
        return warnings.ToImmutable();
    }

    /// <summary>The columns that are compared, with the types that the model gives.</summary>
    private async Task<ImmutableArray<ColumnSchema>> ExpectedColumnsAsync(
        UnitTestNode test,
        string model,
        ImmutableArray<ColumnSchema> given,
        CancellationToken cancellationToken
    )
    {
        var expected = test.Expect.Columns;
        if (test.Expect.Sql is { } sql)
        {
            var described = await _fixtures.DescribeAsync(sql, cancellationToken);
            expected =
            [
                .. described.Select(column => new UnitTestColumn(column.Name, test.Expect.Declaration)),
            ];
            if (
                expected
                    .GroupBy(column => column.Name, StringComparer.OrdinalIgnoreCase)
                    .FirstOrDefault(columns => columns.Skip(1).Any()) is
                { } twice
            )
                throw new NodeFailedException(
                    UnitTestDiagnostics.BadRows(
                        test.Expect.Declaration,
                        $"the query of the expected rows returns column '{twice.Key}' twice",
                        "return each column once, under the name that it has in the model"
                    )
                );
        }
        var columns = ImmutableArray.CreateBuilder<ColumnSchema>();
        var unknown = ImmutableArray.CreateBuilder<Diagnostic>();
        foreach (var column in expected)
        {
            if (given.Find(column.Name) is { } found)
                columns.Add(found);
            else
                unknown.Add(
                    UnitTestDiagnostics.UnknownColumn(
                        column.Span,
                        $"model '{model}'",
                        column.Name,
                        [.. given.Select(one => one.Name)]
                    )
                );
        }
        return unknown.Count == 0
            ? columns.ToImmutable()
            : throw new NodeFailedException(unknown.ToImmutable());
    }

    private static ImmutableArray<int> KeyOf(Node model, ImmutableArray<ColumnSchema> columns)
    {
        var key = (model as ModelNode)?.Config.UniqueKey ?? [];
        var places = key.Select(name => columns.PlaceOf(name)).ToImmutableArray();
        return places.Contains(-1) ? [] : places;
    }

    private BoundSql Bind(UnitTestNode test, ImmutableArray<FixtureTable> tables) =>
        InputBinding.Bind(
            test.Sql,
            manifest,
            engine.Dialect,
            key => tables.First(table => table.Key == key).Table
        );

    private async Task<T> GuardAsync<T>(
        UnitTestNode test,
        ModelStatement statement,
        Func<ISession, string, Task<T>> run,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await engine.TryAsync(session => run(session, statement.Text), cancellationToken);
        }
        catch (EngineException e)
        {
            var (span, suffix) = statement.Locate(e.Error, test.Declaration);
            throw new NodeFailedException(
                e.Error.ToDiagnostic(engine.Dialect.Name, Subject(test), span, suffix)
            );
        }
    }

    private static UnitTestResult Broken(UnitTestNode test, ImmutableArray<Diagnostic> diagnostics) =>
        new()
        {
            Test = test,
            Status = TestStatus.Error,
            Diagnostics = diagnostics,
        };

    private static string Subject(UnitTestNode test) => $"unit test '{test.Name}'";
}
