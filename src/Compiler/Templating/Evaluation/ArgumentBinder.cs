using System.Collections.Immutable;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Templating.Syntax;
using Strata.Compiler.Text;

namespace Strata.Compiler.Templating.Evaluation;

/// <summary>Evaluates the arguments of a call and brings them into the order of the parameters.</summary>
internal sealed class ArgumentBinder(RenderContext context, ExpressionEvaluator expressions)
{
    /// <param name="piped">The value that comes through a pipe, which is the first argument.</param>
    public BoundArguments Bind(
        TemplateFunction function,
        Argument[] arguments,
        (object? Value, TextSpan Span)? piped,
        TextSpan callSpan
    )
    {
        var parameters = function.Parameters;
        var bound = new BoundArguments(parameters.Length);
        var position = 0;
        var isNamed = false;
        if (piped is { } first)
            AddPositional(function, bound, ref position, first.Value, first.Span);
        foreach (var argument in arguments)
        {
            if (argument.Name is not null)
            {
                isNamed = true;
                AddNamed(function, parameters, bound, argument);
                continue;
            }
            if (isNamed && parameters.Length > 0 && function is UserFunction)
                throw context.Fail(
                    TemplateDiagnostics.PositionalAfterNamed(context.SpanOf(argument.Span), function.Name)
                );
            var value = expressions.Evaluate(argument.Value);
            if (!argument.IsSpread)
            {
                AddPositional(function, bound, ref position, value, argument.Span);
                continue;
            }
            foreach (var item in value as IReadOnlyList<object?> ?? [value])
                AddPositional(function, bound, ref position, item, argument.Span);
        }
        Complete(function, parameters, bound, position, callSpan);
        return bound;
    }

    public BoundArguments Bind(TemplateFunction function, ReadOnlySpan<object?> values, TextSpan callSpan)
    {
        var bound = new BoundArguments(function.Parameters.Length);
        var position = 0;
        foreach (var value in values)
            AddPositional(function, bound, ref position, value, callSpan);
        Complete(function, function.Parameters, bound, position, callSpan);
        return bound;
    }

    private static bool IsSimple(TemplateFunction function) =>
        function is UserFunction { IsParametric: false };

    private static void AddPositional(
        TemplateFunction function,
        BoundArguments bound,
        ref int position,
        object? value,
        TextSpan span
    )
    {
        var parameters = function.Parameters;
        // a place that a named argument took is skipped
        while (position < parameters.Length && !parameters[position].IsVariadic && bound.IsGiven(position))
            position++;
        if (position < parameters.Length && !parameters[position].IsVariadic)
            bound.Set(position++, value, span);
        else
            bound.AddRest(value, span);
    }

    private void AddNamed(
        TemplateFunction function,
        ImmutableArray<TemplateParameter> parameters,
        BoundArguments bound,
        Argument argument
    )
    {
        var name = argument.Name ?? "";
        var value = expressions.Evaluate(argument.Value);
        for (var i = 0; i < parameters.Length; i++)
        {
            if (parameters[i].Name != name)
                continue;
            if (parameters[i].IsVariadic)
                bound.AddRest(value, argument.Span);
            else if (bound.IsGiven(i) && !context.Options.IsLenient)
                throw context.Fail(
                    TemplateDiagnostics.ArgumentGivenTwice(context.SpanOf(argument.Span), name, function.Name)
                );
            else
                bound.Set(i, value, argument.Value.Span);
            return;
        }
        if (IsSimple(function) || function.TakesAnyName)
        {
            bound.AddNamed(name, value, argument.NameSpan, argument.Value.Span);
            return;
        }
        throw context.Fail(
            TemplateDiagnostics.UnknownNamedArgument(
                context.SpanOf(argument.NameSpan),
                name,
                function.Name,
                Suggestions.DidYouMean(name, parameters.Select(parameter => parameter.Name)),
                string.Join(", ", parameters.Select(Describe))
            )
        );
    }

    private void Complete(
        TemplateFunction function,
        ImmutableArray<TemplateParameter> parameters,
        BoundArguments bound,
        int given,
        TextSpan callSpan
    )
    {
        if (IsSimple(function))
            return;
        var required = 0;
        var isVariadic = false;
        var isMissing = false;
        for (var i = 0; i < parameters.Length; i++)
        {
            var parameter = parameters[i];
            isVariadic |= parameter.IsVariadic;
            if (parameter.IsRequired)
                required++;
            if (bound.IsGiven(i))
                continue;
            if (parameter.IsRequired)
                isMissing = true;
            else if (!parameter.IsVariadic)
                bound.Values[i] = DefaultOf(function, parameter, i);
            else
                bound.Values[i] = bound.Rest ?? new TemplateArray();
        }
        if (!isMissing && (isVariadic || bound.Rest is null))
            return;
        throw context.Fail(
            TemplateDiagnostics.WrongArgumentCount(
                context.SpanOf(callSpan),
                function.Name,
                given + (bound.Rest?.Count ?? 0),
                required,
                isVariadic ? null : parameters.Length,
                string.Join(", ", parameters.Select(Describe))
            )
        );
    }

    private object? DefaultOf(TemplateFunction function, TemplateParameter parameter, int index) =>
        function is UserFunction { Definition.Parameters: { } definitions }
        && definitions[index].Default is { } @default
            ? expressions.Evaluate(@default)
            : parameter.Default;

    private static string Describe(TemplateParameter parameter) =>
        parameter.IsVariadic ? parameter.Name + "..."
        : parameter.IsOptional ? parameter.Name + "?"
        : parameter.Name;
}
