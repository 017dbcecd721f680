using System.Collections.Immutable;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;
using Strata.Tests.Engine.Dialects;

namespace Strata.Runner.Execution;

/// <summary>Holds the columns of a staged model against those that its contract declares.</summary>
internal static class ContractCheck
{
    /// <exception cref="NodeFailedException">The model has a contract, and what would be published breaks it.</exception>
    public static void Run(SqlDialect dialect, ModelNode model, StagedNode staged)
    {
        if (!model.Config.ContractEnforced)
            return;
        // what the query gives, and what readers will see of it: a table may keep columns that the query has no more
        ImmutableArray<Difference> rows =
        [
            .. Differences(dialect, model.Columns, staged.Relation.Columns)
                .Concat(
                    staged.Batch is { } batch ? Differences(dialect, model.Columns, batch.Columns.After) : []
                )
                .Distinct(),
        ];
        if (!rows.IsEmpty)
            throw new NodeFailedException(
                ContractDiagnostics.Broken(model.Declaration, model.Name, ToTable(rows))
            );
    }

    /// <summary>Lines of a table: declared columns in their order, then those that nobody declared.</summary>
    private static IEnumerable<Difference> Differences(
        SqlDialect dialect,
        ImmutableArray<ColumnInfo> declared,
        ImmutableArray<ColumnSchema> actual
    )
    {
        var names = dialect.FoldsCase ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal;
        foreach (var column in declared)
        {
            var found = actual.FirstOrDefault(one => names.Equals(one.Name, column.Name));
            if (found is null)
                yield return new Difference(column.Name, column.DataType ?? "", "", "missing");
            else if (!IsSame(column.DataType ?? "", found.Type))
                yield return new Difference(column.Name, column.DataType ?? "", found.Type, "another type");
        }
        foreach (var column in actual)
        {
            if (!declared.Any(one => names.Equals(one.Name, column.Name)))
                yield return new Difference(column.Name, "", column.Type, "not declared");
        }
    }

    private static ImmutableArray<string> ToTable(ImmutableArray<Difference> rows)
    {
        ImmutableArray<Difference> lines = [new("column", "declared", "actual", "mismatch"), .. rows];
        var (first, second, third) = (
            lines.Max(line => line.Column.Length),
            lines.Max(line => line.Declared.Length),
            lines.Max(line => line.Actual.Length)
        );
        return
        [
            .. lines.Select(line =>
                $"{line.Column.PadRight(first)} | {line.Declared.PadRight(second)} | {line.Actual.PadRight(third)} | {line.Mismatch}"
            ),
        ];
    }

    // length and precision count only where both have them: an engine may drop them, and a declaration leave them open
    private static bool IsSame(string declared, string actual) =>
        TypeNames.Normalize(declared).Equals(TypeNames.Normalize(actual), StringComparison.OrdinalIgnoreCase)
        && (Size(declared), Size(actual)) is var (left, right)
        && (left is null || right is null || left == right);

    // of '(10, 0)' and '(10)' the same
    private static string? Size(string type)
    {
        var open = type.IndexOf('(', StringComparison.Ordinal);
        var close = type.IndexOf(')', StringComparison.Ordinal);
        if (open < 0 || close < open)
            return null;
        var size = type[(open + 1)..close].Replace(" ", "", StringComparison.Ordinal);
        return size.EndsWith(",0", StringComparison.Ordinal) ? size[..^2] : size;
    }

    private sealed record Difference(string Column, string Declared, string Actual, string Mismatch);
}
