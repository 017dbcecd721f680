using Strata.Compiler.Diagnostics;
using Strata.Compiler.Templating.Syntax;
using Strata.Compiler.Templating.Values;
using Strata.Compiler.Text;

namespace Strata.Compiler.Templating.Evaluation;

/// <summary>Runs <c>for</c>, <c>tablerow</c> and <c>while</c>.</summary>
internal sealed class LoopRunner(
    RenderContext context,
    ExpressionEvaluator expressions,
    StatementRunner statements
)
{
    public Flow Run(ForStatement loop)
    {
        context.EnsureStack(loop.Span);
        if (ItemsOf(loop) is not { } items)
            return Flow.Next;
        var (first, count) = Window(loop, items.Count);
        if (count == 0)
        {
            if (loop.IsTableRow)
                TableRow.WriteEmpty(statements, loop.Span);
            return loop.Else is { } @else ? statements.Run(@else) : Flow.Next;
        }
        var frame = context.Frame;
        var outerScope = frame.Scope;
        var outerLoop = frame.Loop;
        var local = (loop.Variable as LocalExpression)?.Name;
        object? localBefore = null;
        var hadLocal =
            local is not null && frame.Locals is { } locals && locals.TryGetValue(local, out localBefore);
        var state = new LoopState("for", outerLoop) { Length = count };
        ScopeLayer? layer = null;
        if (loop.Variable is VariableExpression variable)
        {
            layer = new ScopeLayer(ScopeKind.Loop, outerScope, null, null) { LoopName = variable.Name };
            frame.Scope = layer;
        }
        frame.Loop = state;
        context.EnterLoop();
        try
        {
            return RunItems(loop, items, first, count, state, layer);
        }
        finally
        {
            context.LeaveLoop();
            frame.Loop = outerLoop;
            frame.Scope = outerScope;
            if (hadLocal && local is not null)
                (frame.Locals ??= [])[local] = localBefore;
            else if (local is not null)
                frame.Locals?.Remove(local);
        }
    }

    private Flow RunItems(
        ForStatement loop,
        IReadOnlyList<object?> items,
        int first,
        int count,
        LoopState state,
        ScopeLayer? layer
    )
    {
        var columns = loop.IsTableRow ? TableRow.Columns(loop, context, expressions) : 0;
        object? previous = null;
        for (var i = 0; i < count; i++)
        {
            context.Iterate(loop.Span);
            var at = loop.IsReversed ? first + count - 1 - i : first + i;
            // the body may shorten the array it runs over
            var item = at < items.Count ? items[at] : null;
            state.Index = i;
            state.HasChanged = i == 0 || !expressions.Operators.AreEqual(previous, item, default, 0);
            previous = item;
            if (layer is not null)
                layer.LoopValue = item;
            else if (loop.Variable is LocalExpression local)
                (context.Frame.Locals ??= new Dictionary<string, object?>(StringComparer.Ordinal))[
                    local.Name
                ] = item;
            if (columns > 0)
                TableRow.WriteStart(statements, loop.Span, state, i, columns);
            var flow = statements.Run(loop.Body);
            if (columns > 0)
                TableRow.WriteEnd(
                    statements,
                    loop.Span,
                    i,
                    columns,
                    isLast: i == count - 1 || flow == Flow.Break
                );
            if (flow == Flow.Return)
                return flow;
            if (flow == Flow.Break)
                break;
        }
        return Flow.Next;
    }

    /// <summary>Null is nothing to loop over; in the reference not even <c>else</c> runs then.</summary>
    private IReadOnlyList<object?>? ItemsOf(ForStatement loop)
    {
        var value = expressions.Evaluate(loop.Items);
        switch (value)
        {
            case null:
                return context.Options.IsLenient ? null : [];
            case IReadOnlyList<object?> list:
                return list;
            case string text:
                return [.. text.Select(character => character.ToString())];
            case TemplateObject @object:
                return [.. @object.Select(CreatePair)];
            default:
                throw context.Fail(
                    TemplateDiagnostics.NotIterable(
                        context.SpanOf(loop.Items.Span),
                        ValueText.TypeName(value)
                    )
                );
        }
    }

    /// <summary>How a member of an object appears in a loop over it.</summary>
    public static TemplateObject CreatePair(KeyValuePair<string, object?> member)
    {
        var pair = new TemplateObject();
        pair.Add("key", member.Key);
        pair.Add("value", member.Value);
        return pair;
    }

    /// <summary>Which items <c>offset</c> and <c>limit</c> leave. Reversed, it is the last items down to the offset.</summary>
    private (int First, int Count) Window(ForStatement loop, int count)
    {
        var offset = Math.Clamp(Parameter(loop.Offset) ?? 0, 0, count);
        var limit = Math.Clamp(Parameter(loop.Limit) ?? int.MaxValue, 0, count - offset);
        return (loop.IsReversed ? count - limit : offset, limit);
    }

    private int? Parameter(Expression? expression)
    {
        if (expression is null || expressions.Evaluate(expression) is not { } value)
            return null;
        if (Arithmetic.TryGetInteger(value, out var number))
            return (int)Math.Clamp(number, int.MinValue, int.MaxValue);
        throw context.Fail(
            TemplateDiagnostics.IntegerExpected(context.SpanOf(expression.Span), ValueText.TypeName(value))
        );
    }

    public Flow Run(WhileStatement loop)
    {
        context.EnsureStack(loop.Span);
        var frame = context.Frame;
        var outer = frame.Loop;
        var state = new LoopState("while", outer);
        frame.Loop = state;
        context.EnterLoop();
        try
        {
            for (var i = 0; Operators.IsTrue(expressions.Evaluate(loop.Condition)); i++)
            {
                context.Iterate(loop.Span);
                state.Index = i;
                var flow = statements.Run(loop.Body);
                if (flow == Flow.Return)
                    return flow;
                if (flow == Flow.Break)
                    break;
            }
            return Flow.Next;
        }
        finally
        {
            context.LeaveLoop();
            frame.Loop = outer;
        }
    }
}
