using System.Collections.Immutable;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest.Tests;
using Strata.Runner.Adapters;
using Strata.Runner.Adapters.Errors;
using Strata.Runner.Binding;
using Strata.Runner.Execution;

namespace Strata.Runner.UnitTests;

/// <summary>Which cells of a unit test are no values of their column's type.</summary>
internal sealed class CellValues(PrivateEngine engine)
{
    /// <summary>Values that their column's type would cut, the first of each column.</summary>
    public void Check(ImmutableArray<ColumnSchema> columns, ImmutableArray<ImmutableArray<UnitTestCell>> rows)
    {
        var engineType = engine.Dialect.Engine;
        ImmutableArray<Diagnostic> cut =
        [
            .. columns
                .Select(
                    (column, i) =>
                        rows.Select(row => CutValues.FindCut(row[i], column, engineType))
                            .FirstOrDefault(found => found is not null)
                )
                .OfType<Diagnostic>(),
        ];
        if (!cut.IsEmpty)
            throw new NodeFailedException(cut);
    }

    /// <summary>What is wrong with the first cell that the engine cannot read.</summary>
    public async Task<Diagnostic?> FindBadAsync(
        ImmutableArray<ColumnSchema> columns,
        ImmutableArray<ImmutableArray<UnitTestCell>> rows,
        CancellationToken cancellationToken
    )
    {
        foreach (var row in rows)
        {
            for (var i = 0; i < row.Length; i++)
            {
                if (await FindBadAsync(row[i], columns[i], cancellationToken) is { } problem)
                    return problem;
            }
        }
        return null;
    }

    /// <summary>What is wrong with a cell, if the engine cannot read it as its column's type.</summary>
    public async Task<Diagnostic?> FindBadAsync(
        UnitTestCell cell,
        ColumnSchema column,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await engine.TryAsync(
                session =>
                    session.QueryAsync(
                        $"select {FixtureSql.Value(engine.Dialect, cell, column.Type)}",
                        1,
                        cancellationToken
                    ),
                cancellationToken
            );
            return null;
        }
        catch (EngineException)
        {
            return UnitTestDiagnostics.BadValue(cell.Span, $"'{cell.Text}'", column.Name, column.Type);
        }
    }
}
