using System.Globalization;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Templating.Syntax;
using Strata.Compiler.Text;

namespace Strata.Compiler.Templating.Evaluation;

/// <summary>The HTML around the items of <c>tablerow</c>.</summary>
internal static class TableRow
{
    public static int Columns(ForStatement loop, RenderContext context, ExpressionEvaluator expressions)
    {
        if (loop.Columns is null)
            return 1;
        var value = expressions.Evaluate(loop.Columns);
        if (!Arithmetic.TryGetInteger(value, out var columns))
        {
            throw context.Fail(
                TemplateDiagnostics.IntegerExpected(
                    context.SpanOf(loop.Columns.Span),
                    ValueText.TypeName(value)
                )
            );
        }
        return (int)Math.Clamp(columns, 1, int.MaxValue);
    }

    public static void WriteEmpty(StatementRunner statements, TextSpan span) =>
        statements.Print("<tr class=\"row1\"></tr>\n", span);

    public static void WriteStart(
        StatementRunner statements,
        TextSpan span,
        LoopState state,
        int index,
        int columns
    )
    {
        var column = index % columns;
        state.Column = column;
        if (column == 0)
            statements.Print(
                string.Create(CultureInfo.InvariantCulture, $"<tr class=\"row{(index / columns) + 1}\">"),
                span
            );
        statements.Print(
            string.Create(CultureInfo.InvariantCulture, $"<td class=\"col{column + 1}\">"),
            span
        );
    }

    public static void WriteEnd(
        StatementRunner statements,
        TextSpan span,
        int index,
        int columns,
        bool isLast
    )
    {
        statements.Print("</td>", span);
        if (isLast || (index + 1) % columns == 0)
            statements.Print("</tr>\n", span);
    }
}
