using System.Globalization;
using System.Numerics;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Templating.Evaluation;
using Strata.Compiler.Templating.Values;

namespace Strata.Compiler.Templating.BuiltIns;

/// <summary>How built-in functions read their arguments: conversions with errors that point at the argument.</summary>
internal static class CallArguments
{
    public static TemplateError Invalid(this TemplateCallContext call, int index, string reason) =>
        call.Error(TemplateDiagnostics.InvalidArgument(call.SpanOf(index), call.Function.Name, reason));

    /// <summary>The text of an argument; null stays null, as most functions pass it through.</summary>
    public static string? TextOrNull(this TemplateCallContext call, int index) =>
        call[index] is null ? null : call.Text(index);

    public static int Int(this TemplateCallContext call, int index)
    {
        var number = call.Long(index);
        return number is >= int.MinValue and <= int.MaxValue
            ? (int)number
            : throw call.Invalid(index, "the number is too large");
    }

    public static long Long(this TemplateCallContext call, int index)
    {
        var value = call[index];
        if (Arithmetic.TryGetInteger(value, out var number))
            return number;
        switch (value)
        {
            case null:
                return 0;
            case bool flag:
                return flag ? 1 : 0;
            case double or float or decimal:
                var wide = Arithmetic.ToDouble(value);
                if (Math.Abs(wide) < long.MaxValue)
                    return (long)Math.Round(wide, MidpointRounding.ToEven);
                break;
            case string text
                when long.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out number):
                return number;
        }
        throw call.Invalid(
            index,
            $"expected a whole number, not a value of type {ValueText.TypeName(value)}"
        );
    }

    public static double Double(this TemplateCallContext call, int index)
    {
        var value = call[index];
        return value switch
        {
            null => 0,
            string text
                when double.TryParse(
                    text,
                    NumberStyles.Float,
                    CultureInfo.InvariantCulture,
                    out var number
                ) => number,
            _ when Arithmetic.IsNumeric(value) => Arithmetic.ToDouble(value),
            _ => throw call.Invalid(
                index,
                $"expected a number, not a value of type {ValueText.TypeName(value)}"
            ),
        };
    }

    public static bool Bool(this TemplateCallContext call, int index) => Operators.IsTrue(call[index]);

    /// <summary>A list; null stays null, text is its characters, and a single value is a list of one.</summary>
    public static IReadOnlyList<object?>? ListOrNull(this TemplateCallContext call, int index) =>
        call[index] switch
        {
            null => null,
            IReadOnlyList<object?> list => list,
            string text => [.. text.Select(character => (object?)character.ToString())],
            TemplateObject @object => [.. @object.Select(LoopRunner.CreatePair)],
            var value => [value],
        };

    public static TemplateFunction Function(this TemplateCallContext call, int index) =>
        call[index] as TemplateFunction
        ?? throw call.Invalid(
            index,
            $"expected a function, not a value of type {ValueText.TypeName(call[index])}; pass one as '@name'"
        );

    /// <summary>What a function makes of the text of the first argument; null stays null.</summary>
    public static string? OnText(this TemplateCallContext call, Func<string, string> function) =>
        call.TextOrNull(0) is { } text ? call.Checked(function(text)) : null;

    /// <summary>Checks the length of a string that the function is about to make.</summary>
    public static string Checked(this TemplateCallContext call, string text)
    {
        call.Context.CheckLength(text.Length, call.CallSpan);
        return text;
    }
}
