using System.Collections;
using System.Collections.Immutable;
using System.Globalization;
using Strata.Compiler.Manifest.Tests;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;
using Strata.Runner.Adapters.Bulk;
using Strata.Runner.Adapters.Values;
using Strata.Runner.Seeds;

namespace Strata.Runner.UnitTests;

/// <summary>The statements that make tables of rows as a unit test writes them. Pure.</summary>
internal static class FixtureSql
{
    /// <summary>All rows in one statement; the columns that are not named stay null.</summary>
    public static string Insert(
        SqlDialect dialect,
        RelationName table,
        ImmutableArray<ColumnSchema> columns,
        ImmutableArray<ImmutableArray<UnitTestCell>> rows
    )
    {
        var names = string.Join(", ", columns.Select(column => dialect.QuoteIdentifier(column.Name)));
        var values = rows.Select(row =>
            $"({string.Join(", ", row.Select((cell, i) => Value(dialect, cell, columns[i].Type)))})"
        );
        return $"insert into {dialect.Quote(table)} ({names}) values\n{string.Join(",\n", values)}";
    }

    /// <summary>A cell as an expression of a type.</summary>
    public static string Value(SqlDialect dialect, UnitTestCell cell, string type)
    {
        if (cell.Text is null)
            return $"cast(null as {type})";
        if (cell.Value is not (string or IEnumerable))
            return $"cast({dialect.QuoteString(ScalarText(cell))} as {type})";
        if (cell.Value is string || IsQuotedText(cell))
            return $"cast({dialect.QuoteString(cell.Text)} as {type})";
        return dialect.FromJson(dialect.QuoteString(PlainJson.OfTree(cell.Value)), type);
    }

    /// <summary>The type of a column that nothing is known of but the values that are given for it.</summary>
    public static TransferType? TypeOf(IEnumerable<UnitTestCell> cells)
    {
        var values = cells.Where(cell => cell.Text is not null).ToList();
        if (values.Any(cell => cell.Value is not string && cell.Value is IEnumerable))
            return null;
        return values.Any(IsQuotedText)
            ? new TransferType(TransferKind.Text)
            : SeedValues.Infer(values.Select(ScalarText));
    }

    public static bool IsJson(string type) =>
        type.Equals("json", StringComparison.OrdinalIgnoreCase)
        || type.Equals("jsonb", StringComparison.OrdinalIgnoreCase);

    private static bool IsQuotedText(UnitTestCell cell) => cell is { IsQuoted: true };

    // a number keeps its digits as they are written, unless only YAML writes it like that
    public static string ScalarText(UnitTestCell cell) =>
        cell.Value switch
        {
            bool flag => flag ? "true" : "false",
            double number when double.IsNaN(number) => "NaN",
            double number when double.IsInfinity(number) => number > 0 ? "Infinity" : "-Infinity",
            long number when cell.Text?.StartsWith("0x", StringComparison.Ordinal) == true => number.ToString(
                CultureInfo.InvariantCulture
            ),
            _ => cell.Text ?? "",
        };
}
