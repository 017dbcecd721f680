using Strata.Compiler.Templating.Syntax;

namespace Strata.Compiler.Templating.Evaluation;

/// <summary>Runs a whole template inside of a render: a page of its own, with the same global names.</summary>
internal static class PageRunner
{
    /// <summary>The value of an expression of the page, with its type.</summary>
    public static object? Evaluate(TemplateCallContext call, Template page, Expression expression)
    {
        var context = call.Context;
        var caller = context.Frame;
        context.Frame = new Frame(page.Source, caller, call.CallSpan, "the evaluated text")
        {
            Scope = caller.Scope,
        };
        try
        {
            return call.Caller.Expressions.Evaluate(expression);
        }
        finally
        {
            context.Frame = caller;
        }
    }

    /// <summary>What the page prints.</summary>
    public static string Run(TemplateCallContext call, Template page, TemplateArray? arguments, string title)
    {
        using var buffer = Print(call, page, arguments, title);
        return buffer.ToString();
    }

    /// <summary>Prints the page where the call stands, indented like the call, with the places it comes from.</summary>
    public static void RunInPlace(
        TemplateCallContext call,
        Template page,
        TemplateArray? arguments,
        string title
    )
    {
        using var buffer = Print(call, page, arguments, title);
        if (!call.Context.Output.WriteBuffer(buffer))
            throw call.Context.OutputTooLong(call.CallSpan);
    }

    private static OutputBuffer Print(
        TemplateCallContext call,
        Template page,
        TemplateArray? arguments,
        string title
    )
    {
        var context = call.Context;
        var caller = context.Frame;
        var output = context.Output;
        var buffer = context.CreateOutput(isMapped: true);
        // what the page prints is indented when it is printed, not before
        buffer.Indent = null;
        context.Output = buffer;
        context.Frame = new Frame(page.Source, caller, call.CallSpan, title)
        {
            Scope = caller.Scope,
            Arguments = arguments,
        };
        try
        {
            var statements = call.Caller.Statements;
            if (statements.Run(page.Body) == Flow.Return)
                statements.Print(context.Frame.ReturnValue, page.Body.Span);
            return buffer;
        }
        catch
        {
            buffer.Dispose();
            throw;
        }
        finally
        {
            context.Frame = caller;
            context.Output = output;
        }
    }
}
