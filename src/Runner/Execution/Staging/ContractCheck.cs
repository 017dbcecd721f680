using System.Collections.Immutable;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;
using Strata.Tests.Engine.Columns;
using Strata.Tests.Engine.Planning;

namespace Strata.Runner.Execution.Staging;

/// <summary>Holds the columns of a staged model against those that its contract declares.</summary>
internal static class ContractCheck
{
    /// <exception cref="NodeFailedException">The model has a contract, and what would be published breaks it.</exception>
    public static void Run(SqlDialect dialect, ModelNode model, StagedNode staged)
    {
        if (model.Config.ContractEnforced != true)
            return;
        // what the query gives, and what readers will see of it: a table may keep columns that the query has no more
        if (
            Find(
                dialect,
                model,
                staged.Batch is { } batch
                    ? [staged.Relation.Columns, batch.Columns.After]
                    : [staged.Relation.Columns]
            ) is
            { } broken
        )
            throw new NodeFailedException(broken);
    }

    /// <summary>How columns differ from those that the model's YAML declares; null if they do not.</summary>
    public static Diagnostic? Find(
        SqlDialect dialect,
        ModelNode model,
        params ReadOnlySpan<ImmutableArray<ColumnSchema>> given
    )
    {
        var rows = new List<Difference>();
        foreach (var columns in given)
            rows.AddRange(Differences(dialect, model.Columns, columns));
        return rows.Count == 0
            ? null
            : ContractDiagnostics.Broken(model.Declaration, model.Name, ToTable([.. rows.Distinct()]));
    }

    /// <summary>Lines of a table: declared columns in their order, then those that nobody declared.</summary>
    private static IEnumerable<Difference> Differences(
        SqlDialect dialect,
        ImmutableArray<ColumnInfo> declared,
        ImmutableArray<ColumnSchema> actual
    ) =>
        ColumnComparison
            .Differences(
                dialect,
                [.. declared.Select(column => new CheckColumn(column.Name, column.DataType ?? ""))],
                [.. actual.Select(column => new CheckColumn(column.Name, column.Type))],
                isExact: false
            )
            .Where(one => one.Change != ColumnChange.Reordered)
            .Select(one => new Difference(
                one.Name,
                one.Before ?? "",
                one.Now ?? "",
                one.Change switch
                {
                    ColumnChange.Removed => "missing",
                    ColumnChange.Retyped => "another type",
                    _ => "not declared",
                }
            ));

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

    private sealed record Difference(string Column, string Declared, string Actual, string Mismatch);
}
