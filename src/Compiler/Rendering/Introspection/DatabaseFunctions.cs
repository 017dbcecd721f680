using Strata.Compiler.Diagnostics;
using Strata.Compiler.Templating;

namespace Strata.Compiler.Rendering.Introspection;

/// <summary>
/// <c>run_query</c> and <c>columns_of</c>: what a template may ask of its node's engine. While the project is
/// compiled nobody answers; both then give an empty list, and the model is rendered again when it is built.
/// </summary>
internal static class DatabaseFunctions
{
    public static IEnumerable<TemplateFunction> All =>
        [
            TemplateFunction.Create("run_query", [new("sql")], RunQuery),
            TemplateFunction.Create("columns_of", [new("relation")], ColumnsOf),
        ];

    private static TemplateArray RunQuery(TemplateCallContext call)
    {
        var answer = Ask(call, call.Text(0), wantsColumns: false);
        return new TemplateArray(
            answer?.Rows.Select(row =>
                (object?)
                    new TemplateObject(
                        answer.Columns.Select((column, index) => KeyValuePair.Create(column.Name, row[index]))
                    )
            )
                ?? []
        );
    }

    private static TemplateArray ColumnsOf(TemplateCallContext call)
    {
        var answer = Ask(call, $"select * from {call.Text(0)}", wantsColumns: true);
        return new TemplateArray(
            answer?.Columns.Select(column =>
                (object?)
                    new TemplateObject([
                        KeyValuePair.Create("name", (object?)column.Name),
                        KeyValuePair.Create("type", (object?)column.Type),
                    ])
            )
                ?? []
        );
    }

    private static DatabaseAnswer? Ask(TemplateCallContext call, string sql, bool wantsColumns)
    {
        var state = RenderScope.StateOf(call);
        if (!state.Binding.MayAskDatabase)
            call.Fail(SqlDiagnostics.CannotAskHere(call.Span, call.Function.Name));
        state.HasAskedDatabase = true;
        return state.Dialogue?.Ask(state, sql, wantsColumns, call.Origin);
    }
}
