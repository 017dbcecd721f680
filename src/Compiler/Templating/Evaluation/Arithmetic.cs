using System.Numerics;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Templating.Syntax;
using Strata.Compiler.Templating.Values;

namespace Strata.Compiler.Templating.Evaluation;

/// <summary>
/// Arithmetic on numbers of any kind. Two numbers meet at the wider kind: int, long, big integer, float,
/// double, decimal. Whole numbers never overflow.
/// </summary>
internal sealed class Arithmetic(RenderContext context)
{
    public static bool IsNumber(object? value) =>
        value is int or long or BigInteger or double or decimal or float;

    /// <summary>A number, or a bool, which counts as 0 or 1.</summary>
    public static bool IsNumeric(object? value) => value is bool || IsNumber(value);

    public static bool TryGetInteger(object? value, out long integer)
    {
        switch (value)
        {
            case int number:
                integer = number;
                return true;
            case long number:
                integer = number;
                return true;
            case BigInteger number when number >= long.MinValue && number <= long.MaxValue:
                integer = (long)number;
                return true;
            default:
                integer = 0;
                return false;
        }
    }

    public static object Negate(object value) =>
        value switch
        {
            int number => Boxes.Of(-(long)number),
            long number => Boxes.Of(-(BigInteger)number),
            BigInteger number => Boxes.Of(-number),
            float number => -number,
            double number => -number,
            decimal number => -number,
            _ => value,
        };

    /// <summary>The result; null where the operator does not work on these operands.</summary>
    public object? Evaluate(BinaryOperator @operator, object left, object right, OperatorSite site)
    {
        if (left is bool leftFlag)
            left = Boxes.Of(leftFlag ? 1 : 0);
        if (right is bool rightFlag)
            right = Boxes.Of(rightFlag ? 1 : 0);
        if (left is int a && right is int b)
            return EvaluateLong(@operator, a, b, site);
        if (!IsNumber(left) || !IsNumber(right))
            return null;
        if (left is decimal || right is decimal)
            return EvaluateDecimal(@operator, left, right, site);
        if (left is double || right is double)
            return EvaluateDouble(@operator, ToDouble(left), ToDouble(right), site);
        if (left is float || right is float)
        {
            var result = EvaluateDouble(@operator, ToDouble(left), ToDouble(right), site);
            return result is double number ? (float)number : result;
        }
        if (left is BigInteger || right is BigInteger)
            return EvaluateBig(@operator, ToBig(left), ToBig(right), site);
        return EvaluateLong(@operator, ToLong(left), ToLong(right), site);
    }

    /// <summary>The order of two numbers; not a number comes first, and equals itself.</summary>
    public int Compare(object left, object right)
    {
        if (left is int a && right is int b)
            return a.CompareTo(b);
        if (left is decimal || right is decimal)
        {
            return TryToDecimal(left, out var x) && TryToDecimal(right, out var y)
                ? x.CompareTo(y)
                : ToDouble(left).CompareTo(ToDouble(right));
        }
        if (left is double or float || right is double or float)
            return ToDouble(left).CompareTo(ToDouble(right));
        return ToBig(left).CompareTo(ToBig(right));
    }

    public static double ToDouble(object value) =>
        value switch
        {
            int number => number,
            long number => number,
            BigInteger number => (double)number,
            float number => number,
            double number => number,
            decimal number => (double)number,
            bool flag => flag ? 1 : 0,
            _ => double.NaN,
        };

    private static long ToLong(object value) => value is int number ? number : (long)value;

    private static BigInteger ToBig(object value) =>
        value switch
        {
            int number => number,
            long number => number,
            bool flag => flag ? 1 : 0,
            _ => (BigInteger)value,
        };

    public static bool TryToDecimal(object value, out decimal result)
    {
        try
        {
            result = value switch
            {
                int number => number,
                long number => number,
                BigInteger number => (decimal)number,
                float number => (decimal)number,
                double number => (decimal)number,
                decimal number => number,
                bool flag => flag ? 1 : 0,
                _ => 0,
            };
            return true;
        }
        catch (OverflowException)
        {
            result = 0;
            return false;
        }
    }

    private object? EvaluateLong(BinaryOperator @operator, long left, long right, OperatorSite site)
    {
        long result;
        switch (@operator)
        {
            case BinaryOperator.Add:
                result = unchecked(left + right);
                return ((left ^ result) & (right ^ result)) < 0
                    ? EvaluateBig(@operator, left, right, site)
                    : Boxes.Of(result);
            case BinaryOperator.Subtract:
                result = unchecked(left - right);
                return ((left ^ right) & (left ^ result)) < 0
                    ? EvaluateBig(@operator, left, right, site)
                    : Boxes.Of(result);
            case BinaryOperator.Multiply:
                var product = Math.BigMul(left, right);
                return product >= long.MinValue && product <= long.MaxValue
                    ? Boxes.Of((long)product)
                    : EvaluateBig(@operator, left, right, site);
            default:
                return EvaluateBig(@operator, left, right, site);
        }
    }

    private object? EvaluateBig(
        BinaryOperator @operator,
        BigInteger left,
        BigInteger right,
        OperatorSite site
    )
    {
        switch (@operator)
        {
            case BinaryOperator.Add:
                return Boxes.Of(left + right);
            case BinaryOperator.Subtract:
                return Boxes.Of(left - right);
            case BinaryOperator.Multiply:
                CheckBits(left.GetBitLength() + right.GetBitLength(), site);
                return Boxes.Of(left * right);
            case BinaryOperator.Divide:
                return Divide(left, right, site);
            case BinaryOperator.DivideInteger:
                CheckDivisor(right.IsZero, site);
                return Boxes.Of(BigInteger.Divide(left, right));
            case BinaryOperator.Modulo:
                CheckDivisor(right.IsZero, site);
                return Boxes.Of(BigInteger.Remainder(left, right));
            case BinaryOperator.ShiftLeft or BinaryOperator.ShiftRight:
                var amount = Operators.CheckedShift(right);
                if (amount > Operators.LargestShift || amount < -Operators.LargestShift)
                    throw context.Fail(
                        TemplateDiagnostics.ShiftTooFar(context.SpanOf(site.Whole), Operators.LargestShift)
                    );
                if (@operator == BinaryOperator.ShiftLeft)
                    CheckBits(left.GetBitLength() + Math.Max(amount, 0), site);
                return Boxes.Of(@operator == BinaryOperator.ShiftLeft ? left << amount : left >> amount);
            default:
                return null;
        }
    }

    /// <summary>Products of products grow fast: a number has as many digits as a string may have characters.</summary>
    private void CheckBits(long bits, OperatorSite site)
    {
        if (bits > Operators.LargestShift + 64)
            throw context.Fail(TemplateDiagnostics.NumberTooLarge(context.SpanOf(site.Whole)));
    }

    private void CheckDivisor(bool isZero, OperatorSite site)
    {
        if (isZero)
            throw context.Fail(TemplateDiagnostics.DivisionByZero(context.SpanOf(site.Operator)));
    }

    /// <summary>
    /// The reference always gives a double, which loses digits of large numbers. Ours stays whole where it
    /// comes out even, and is a decimal where it does not.
    /// </summary>
    private object Divide(BigInteger left, BigInteger right, OperatorSite site)
    {
        if (context.Options.IsLenient)
            return (double)left / (double)right;
        CheckDivisor(right.IsZero, site);
        var quotient = BigInteger.DivRem(left, right, out var remainder);
        if (remainder.IsZero)
            return Boxes.Of(quotient);
        return TryToDecimal(left, out var x) && TryToDecimal(right, out var y)
            ? x / y
            : (double)left / (double)right;
    }

    private object? EvaluateDouble(BinaryOperator @operator, double left, double right, OperatorSite site)
    {
        switch (@operator)
        {
            case BinaryOperator.Add:
                return left + right;
            case BinaryOperator.Subtract:
                return left - right;
            case BinaryOperator.Multiply:
                return left * right;
            case BinaryOperator.Divide:
                if (!context.Options.IsLenient)
                    CheckDivisor(right == 0, site);
                return left / right;
            case BinaryOperator.DivideInteger:
                if (!context.Options.IsLenient)
                    CheckDivisor(right == 0, site);
                return context.Options.IsLenient ? Math.Round(left / right) : Math.Truncate(left / right);
            case BinaryOperator.Modulo:
                if (!context.Options.IsLenient)
                    CheckDivisor(right == 0, site);
                return left % right;
            case BinaryOperator.ShiftLeft:
                return left * Math.Pow(2, right);
            case BinaryOperator.ShiftRight:
                return left / Math.Pow(2, right);
            default:
                return null;
        }
    }

    private object? EvaluateDecimal(BinaryOperator @operator, object left, object right, OperatorSite site)
    {
        if (!TryToDecimal(left, out var x) || !TryToDecimal(right, out var y))
            throw context.Fail(TemplateDiagnostics.NumberTooLarge(context.SpanOf(site.Whole)));
        try
        {
            switch (@operator)
            {
                case BinaryOperator.Add:
                    return x + y;
                case BinaryOperator.Subtract:
                    return x - y;
                case BinaryOperator.Multiply:
                    return x * y;
                case BinaryOperator.Divide:
                    CheckDivisor(y == 0, site);
                    return x / y;
                case BinaryOperator.DivideInteger:
                    CheckDivisor(y == 0, site);
                    return context.Options.IsLenient ? Math.Round(x / y) : Math.Truncate(x / y);
                case BinaryOperator.Modulo:
                    CheckDivisor(y == 0, site);
                    return x % y;
                case BinaryOperator.ShiftLeft:
                    return x * (decimal)Math.Pow(2, (double)y);
                case BinaryOperator.ShiftRight:
                    return x / (decimal)Math.Pow(2, (double)y);
                default:
                    return null;
            }
        }
        catch (Exception exception) when (exception is OverflowException or DivideByZeroException)
        {
            throw context.Fail(TemplateDiagnostics.NumberTooLarge(context.SpanOf(site.Whole)));
        }
    }
}
