using System.Collections;
using System.Globalization;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest.Tests;
using Strata.Compiler.Sql;
using Strata.Compiler.Text;
using Strata.Runner.Adapters;
using Strata.Runner.Adapters.Values;
using Strata.Runner.Binding;
using Strata.Tests.Engine.UnitTests;

namespace Strata.Runner.UnitTests;

/// <summary>
/// What a unit test says and the types of its columns would cut: a test whose values are others than what it says could pass for the wrong reason. Pure.
/// </summary>
internal static class CutValues
{
    /// <summary>What is wrong with a cell that its column's type would cut.</summary>
    public static Diagnostic? FindCut(UnitTestCell cell, ColumnSchema column, EngineType engine)
    {
        if (cell.Text is null)
            return null;
        var cut =
            cell.Value is string || cell.IsQuoted ? Cut(cell.Text, column.Type, engine)
            : cell.Value is IEnumerable ? CutInTree(cell.Value, column.Type, engine)
            : Cut(FixtureSql.ScalarText(cell), column.Type, engine);
        return cut is null ? null : Problem(cut, cell.Span, column, engine);
    }

    /// <summary>What is wrong with the first of some values of a query that its column's type would cut.</summary>
    public static Diagnostic? FindCut(
        IEnumerable<object?> values,
        SourceSpan place,
        ColumnSchema column,
        EngineType engine
    )
    {
        foreach (var value in values)
        {
            // no float has the digits of a decimal; that it is near is all that can be asked for
            if (value is (double or float) && !LosslessCast.IsWhole(column.Type, engine))
                continue;
            if (ValueText.Of(value) is { } text && !LosslessCast.Keeps(text, column.Type, engine))
                return Problem(text, place, column, engine);
        }
        return null;
    }

    private static Diagnostic Problem(
        string text,
        SourceSpan place,
        ColumnSchema column,
        EngineType engine
    ) =>
        UnitTestDiagnostics.CutValue(
            place,
            $"'{text}'",
            column.Name,
            column.Type,
            LosslessCast.FindOtherSpelling(text, column.Type, engine)
        );

    private static string? Cut(string text, string type, EngineType engine) =>
        LosslessCast.Keeps(text, type, engine) ? null : text;

    /// <summary>The first value of a list that its type would cut.</summary>
    private static string? CutInTree(object? value, string type, EngineType engine) =>
        value switch
        {
            null or IDictionary => null,
            IEnumerable list and not string => type.EndsWith(']')
                ? list.Cast<object?>()
                    .Select(item => CutInTree(item, type[..type.LastIndexOf('[')].TrimEnd(), engine))
                    .FirstOrDefault(cut => cut is not null)
                : null,
            _ => Cut(Convert.ToString(value, CultureInfo.InvariantCulture) ?? "", type, engine),
        };
}
