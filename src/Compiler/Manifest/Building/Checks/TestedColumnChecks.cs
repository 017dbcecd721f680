using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest.Models;
using Strata.Compiler.Project;
using Strata.Compiler.Sql;

namespace Strata.Compiler.Manifest.Building.Checks;

/// <summary>
/// Whether the columns that tests stand under are among those that a model's query gives. Only of tables and views whose columns the query names one by
/// one; an incremental model may have kept others.
/// </summary>
internal static class TestedColumnChecks
{
    public static void Check(
        IEnumerable<Node> nodes,
        Func<string, Node?> find,
        FileLoop loop,
        DiagnosticBag diagnostics
    )
    {
        var tested = nodes
            .OfType<TestNode>()
            .Where(test => test.Column is not null)
            .GroupBy(test => test.AttachedNode ?? "")
            .ToList();
        loop.ForEach(
            tested,
            tests =>
            {
                if (find(tests.Key) is ModelNode model)
                    Check(model, tests, diagnostics);
            }
        );
    }

    private static void Check(ModelNode model, IEnumerable<TestNode> tests, DiagnosticBag diagnostics)
    {
        if (
            model
                is not {
                    IsRenderedAtRun: false,
                    Config.Materialized: Materialization.Table or Materialization.View
                }
            || ColumnsOf(model.Full.Text) is not { } columns
        )
            return;
        foreach (var column in tests.GroupBy(test => test.Column ?? "", StringComparer.OrdinalIgnoreCase))
        {
            if (columns.Contains(column.Key, StringComparer.OrdinalIgnoreCase))
                continue;
            var first = column.MinBy(test => test.Declaration.Span.Start) ?? column.First();
            diagnostics.Add(TestDiagnostics.ColumnNotGiven(first, model.Name, column.Key, columns));
        }
    }

    /// <returns>Null where it cannot be told for certain.</returns>
    private static List<string>? ColumnsOf(string sql)
    {
        if (SqlTokenTree.Read(sql) is not { } tokens || SelectQueryParser.Parse(tokens) is not { } query)
            return null;
        var columns = new List<string>();
        foreach (var item in query.Branches.Take(query.IsByName ? int.MaxValue : 1).SelectMany(b => b.Items))
        {
            if (item.Name is not { } name || item.Star is not null || MayBeSeveral(tokens, item.Expression))
                return null;
            columns.Add(name);
        }
        return columns.Count == 0 ? null : columns;
    }

    // 'columns(...)' and 'unnest(...)' of a struct are several columns; 'a: b' is called a
    private static bool MayBeSeveral(SqlTokenTree tokens, Range expression)
    {
        for (var i = expression.Start.Value; i < expression.End.Value; i++)
        {
            if (
                tokens.Is(i, "columns", "unnest")
                || tokens.IsSymbol(i, ':') && !tokens.IsSymbol(i - 1, ':') && !tokens.IsSymbol(i + 1, ':')
            )
                return true;
        }
        return false;
    }
}
