using System.Globalization;
using System.Numerics;
using Strata.Compiler.Templating.Evaluation;
using Strata.Compiler.Templating.Syntax;
using Strata.Compiler.Templating.Values;

namespace Strata.Compiler.Templating.BuiltIns;

/// <summary><c>math</c>. Null is passed through.</summary>
internal static class MathFunctions
{
    private static readonly TemplateParameter s_value = new("value");

    public static BuiltInObject Create() =>
        BuiltInObject.Create(
            "math",
            [
                new(
                    "math.abs",
                    "The number without its sign.",
                    [s_value],
                    call => OnNumber(call, Abs),
                    "{{ -5 | math.abs }}",
                    "5"
                ),
                new(
                    "math.ceil",
                    "The smallest whole number that is not less.",
                    [s_value],
                    call => OnNumber(call, value => Round(value, Math.Ceiling, decimal.Ceiling)),
                    "{{ 4.2 | math.ceil }}",
                    "5"
                ),
                new(
                    "math.divided_by",
                    "The quotient; with a whole divisor it is rounded down to a whole number.",
                    [s_value, new("divisor")],
                    DividedBy,
                    "{{ 7 | math.divided_by 2 }}",
                    "3"
                ),
                new(
                    "math.floor",
                    "The largest whole number that is not greater.",
                    [s_value],
                    call => OnNumber(call, value => Round(value, Math.Floor, decimal.Floor)),
                    "{{ 4.8 | math.floor }}",
                    "4"
                ),
                new(
                    "math.format",
                    "The number in a .NET format, such as `N2` or `000`, of a culture.",
                    [s_value, new("format"), TemplateParameter.Optional("culture")],
                    Formatting.Format,
                    "{{ 1234.5 | math.format \"N2\" }}",
                    "1,234.50"
                ),
                new(
                    "math.is_number",
                    "Whether the value is a number.",
                    [s_value],
                    call => Boxes.Of(Arithmetic.IsNumber(call[0])),
                    "{{ \"5\" | math.is_number }}",
                    "false"
                ),
                new(
                    "math.minus",
                    "The difference.",
                    [s_value, new("with")],
                    call => Evaluate(call, BinaryOperator.Subtract),
                    "{{ 5 | math.minus 2 }}",
                    "3"
                ),
                new(
                    "math.modulo",
                    "The remainder of the division.",
                    [s_value, new("with")],
                    call => Evaluate(call, BinaryOperator.Modulo),
                    "{{ 11 | math.modulo 4 }}",
                    "3"
                ),
                new(
                    "math.plus",
                    "The sum.",
                    [s_value, new("with")],
                    call => Evaluate(call, BinaryOperator.Add),
                    "{{ 1 | math.plus 2 }}",
                    "3"
                ),
                new(
                    "math.round",
                    "The nearest number with a number of digits after the point; halves go to the even digit.",
                    [s_value, TemplateParameter.Optional("precision", Boxes.Of(0))],
                    RoundTo,
                    "{{ 4.5612 | math.round 2 }}",
                    "4.56"
                ),
                new(
                    "math.times",
                    "The product.",
                    [s_value, new("with")],
                    call => Evaluate(call, BinaryOperator.Multiply),
                    "{{ 2 | math.times 3 }}",
                    "6"
                ),
                new(
                    "math.uuid",
                    "A new random UUID. It differs at every render, so a model that prints one is never up to date.",
                    [],
                    NextUuid,
                    "{{ math.uuid | string.size }}",
                    "36"
                ),
                new(
                    "math.random",
                    "A random whole number from the first number up to, but without, the second.",
                    [new("min_value"), new("max_value")],
                    NextRandom,
                    "{{ math.random 5 6 }}",
                    "5"
                ),
            ]
        );

    private static object? OnNumber(TemplateCallContext call, Func<object, object> function)
    {
        var value = call[0];
        if (value is null)
            return null;
        return Arithmetic.IsNumber(value)
            ? function(value)
            : throw call.Invalid(0, $"expected a number, not a value of type {ValueText.TypeName(value)}");
    }

    private static object Abs(object value) =>
        value switch
        {
            float number => Math.Abs(number),
            double number => Math.Abs(number),
            decimal number => Math.Abs(number),
            BigInteger number => Boxes.Of(BigInteger.Abs(number)),
            _ => Convert.ToInt64(value, CultureInfo.InvariantCulture) < 0 ? Arithmetic.Negate(value) : value,
        };

    private static object Round(
        object value,
        Func<double, double> round,
        Func<decimal, decimal> roundDecimal
    ) =>
        value switch
        {
            float number => (float)round(number),
            double number => round(number),
            decimal number => roundDecimal(number),
            _ => value,
        };

    private static object? RoundTo(TemplateCallContext call)
    {
        var precision = Math.Max(call.Int(1), 0);
        return OnNumber(
            call,
            value =>
                Round(
                    value,
                    number => Math.Round(number, Math.Min(precision, 15)),
                    number => Math.Round(number, Math.Min(precision, 28))
                )
        );
    }

    private static object? Evaluate(TemplateCallContext call, BinaryOperator @operator)
    {
        if (call[0] is null || call[1] is null)
            return null;
        var site = new OperatorSite(call.CallSpan, call.CallSpan, call.CallSpan);
        return call.Caller.Expressions.Operators.Evaluate(@operator, call[0], call[1], site);
    }

    private static object? DividedBy(TemplateCallContext call)
    {
        if (!Arithmetic.TryGetInteger(call[1], out _))
            return Evaluate(call, BinaryOperator.Divide);
        if (call[0] is int or long or BigInteger)
        {
            var remainder = Evaluate(call, BinaryOperator.Modulo);
            var quotient = Evaluate(call, BinaryOperator.DivideInteger);
            var isBelow =
                remainder is not null
                && Sign(remainder) != 0
                && Sign(remainder) != Sign(call[1] ?? Boxes.Of(0));
            return isBelow && quotient is not null ? Boxes.Of(ToBig(quotient) - 1) : quotient;
        }
        return Evaluate(call, BinaryOperator.Divide) switch
        {
            double number when Math.Abs(number) < long.MaxValue => Boxes.Of((long)Math.Floor(number)),
            float number when Math.Abs(number) < long.MaxValue => Boxes.Of((long)Math.Floor(number)),
            decimal number when Math.Abs(number) < long.MaxValue => Boxes.Of((long)Math.Floor(number)),
            var other => other,
        };
    }

    private static BigInteger ToBig(object value) =>
        value is BigInteger big ? big : Convert.ToInt64(value, CultureInfo.InvariantCulture);

    private static int Sign(object value) => ToBig(value).Sign;

    private static object NextUuid(TemplateCallContext call)
    {
        call.MarkUnrepeatable();
        return Guid.NewGuid().ToString();
    }

    private static object NextRandom(TemplateCallContext call)
    {
        call.MarkUnrepeatable();
        var lowest = call.Int(0);
        var highest = call.Int(1);
        return lowest < highest
            ? Boxes.Of(Random.Shared.Next(lowest, highest))
            : throw call.Invalid(1, "it must be greater than the first number");
    }
}
