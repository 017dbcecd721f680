using Strata.Compiler.Diagnostics;
using Strata.Compiler.Templating.Syntax;
using Strata.Compiler.Templating.Values;
using Strata.Compiler.Text;

namespace Strata.Compiler.Templating.Evaluation;

/// <summary>Where an operator stands, for its errors.</summary>
internal readonly record struct OperatorSite(TextSpan Operator, TextSpan Left, TextSpan Right)
{
    public TextSpan Whole => Left.Union(Right);
}

/// <summary>What the binary operators do, apart from those that may skip their right side.</summary>
internal sealed class Operators(RenderContext context)
{
    private const int MaxShift = 1_048_576;

    private readonly Arithmetic _arithmetic = new(context);

    /// <summary>Only null, false and <c>empty</c> are false.</summary>
    public static bool IsTrue(object? value) => value is not (null or false or EmptyValue);

    public object? Evaluate(BinaryOperator @operator, object? left, object? right, OperatorSite site)
    {
        switch (@operator)
        {
            case BinaryOperator.Equal:
                return Boxes.Of(AreEqual(left, right, site, 0));
            case BinaryOperator.NotEqual:
                return Boxes.Of(AreDifferent(left, right, site));
            case BinaryOperator.Less
            or BinaryOperator.LessOrEqual
            or BinaryOperator.Greater
            or BinaryOperator.GreaterOrEqual:
                return Boxes.Of(Compare(@operator, left, right, site));
            case BinaryOperator.And:
                return Boxes.Of(IsTrue(left) && IsTrue(right));
            case BinaryOperator.Or:
                return Boxes.Of(IsTrue(left) || IsTrue(right));
            case BinaryOperator.IfNull:
                return left ?? right;
            case BinaryOperator.IfNotNull:
                return left is null ? null : right;
            case BinaryOperator.Range or BinaryOperator.RangeExclusive:
                return Range(@operator, left, right, site);
        }
        if (left is string || right is string)
            return EvaluateText(@operator, left, right, site);
        if (left is IReadOnlyList<object?> || right is IReadOnlyList<object?>)
            return EvaluateList(@operator, left, right, site);
        if (left is null || right is null)
            return null;
        if (left is DateTime or TimeSpan || right is DateTime or TimeSpan)
            return EvaluateTime(@operator, left, right, site);
        return _arithmetic.Evaluate(@operator, left, right, site)
            ?? throw NotSupported(@operator, left, right, site);
    }

    private TemplateError NotSupported(
        BinaryOperator @operator,
        object? left,
        object? right,
        OperatorSite site
    ) =>
        context.Fail(
            TemplateDiagnostics.OperatorNotSupported(
                context.SpanOf(site.Operator),
                BinaryOperators.TextOf(@operator),
                ValueText.TypeName(left),
                ValueText.TypeName(right)
            )
        );

    private object? EvaluateText(BinaryOperator @operator, object? left, object? right, OperatorSite site)
    {
        switch (@operator)
        {
            case BinaryOperator.Add:
                if (
                    left is IReadOnlyList<object?> && right is string
                    || left is string && right is IReadOnlyList<object?>
                )
                    break;
                return Join(context.Text.Of(left, site.Left), context.Text.Of(right, site.Right), site);
            case BinaryOperator.Multiply
                when Arithmetic.TryGetInteger(left, out var count) && right is string text:
                return Repeat(text, count, site);
            case BinaryOperator.Multiply
                when Arithmetic.TryGetInteger(right, out var count) && left is string text:
                return Repeat(text, count, site);
            case BinaryOperator.ShiftLeft
            or BinaryOperator.ShiftRight
                when left is IReadOnlyList<object?> || right is IReadOnlyList<object?>:
                return EvaluateList(@operator, left, right, site);
        }
        if (@operator == BinaryOperator.Add)
            return Join(context.Text.Of(left, site.Left), context.Text.Of(right, site.Right), site);
        throw NotSupported(@operator, left, right, site);
    }

    private string Join(string left, string right, OperatorSite site)
    {
        context.CheckLength((long)left.Length + right.Length, site.Whole);
        return string.Concat(left, right);
    }

    private string Repeat(string text, long count, OperatorSite site)
    {
        if (text.Length == 0 || count <= 0)
            return "";
        context.CheckLength(count > int.MaxValue ? long.MaxValue : text.Length * count, site.Whole);
        context.Tick(site.Whole);
        if (text.Length * count > int.MaxValue / 2)
            throw context.Fail(TemplateDiagnostics.LengthLimit(context.SpanOf(site.Whole), int.MaxValue / 2));
        return string.Create(
            text.Length * (int)count,
            text,
            static (target, source) =>
            {
                for (var at = 0; at < target.Length; at += source.Length)
                    source.CopyTo(target[at..]);
            }
        );
    }

    private object? EvaluateList(BinaryOperator @operator, object? left, object? right, OperatorSite site)
    {
        var leftList = left as IReadOnlyList<object?>;
        var rightList = right as IReadOnlyList<object?>;
        switch (@operator)
        {
            case BinaryOperator.Add when leftList is not null && rightList is not null:
                return Concat(leftList, rightList, site);
            case BinaryOperator.Add when (leftList is null ? left : right) is null:
                return leftList ?? rightList;
            case BinaryOperator.ShiftLeft when leftList is not null:
                return Concat(leftList, [right], site);
            case BinaryOperator.ShiftRight when rightList is not null:
                return Concat([left], rightList, site);
            case BinaryOperator.Multiply
                when leftList is not null && Arithmetic.TryGetInteger(right, out var count):
                return Repeat(leftList, count, site);
            case BinaryOperator.Multiply
                when rightList is not null && Arithmetic.TryGetInteger(left, out var count):
                return Repeat(rightList, count, site);
            case BinaryOperator.Divide
            or BinaryOperator.Modulo
                when leftList is not null && Arithmetic.TryGetInteger(right, out var divisor) && divisor > 0:
                return Divide(@operator, leftList, divisor, site);
            default:
                throw NotSupported(@operator, left, right, site);
        }
    }

    /// <summary><c>/ n</c> takes the first n-th part of an array, <c>% n</c> every n-th item.</summary>
    private TemplateArray Divide(
        BinaryOperator @operator,
        IReadOnlyList<object?> list,
        long divisor,
        OperatorSite site
    )
    {
        context.IterateAll(site.Whole, list.Count);
        return new TemplateArray(
            @operator == BinaryOperator.Divide
                ? list.Take((int)(list.Count / divisor))
                : list.Where((_, index) => index % divisor == 0)
        );
    }

    private TemplateArray Concat(IReadOnlyList<object?> left, IReadOnlyList<object?> right, OperatorSite site)
    {
        context.IterateAll(site.Whole, left.Count + right.Count);
        var result = new TemplateArray(left.Count + right.Count);
        foreach (var item in left)
            result.Add(item);
        foreach (var item in right)
            result.Add(item);
        return result;
    }

    private TemplateArray Repeat(IReadOnlyList<object?> list, long count, OperatorSite site)
    {
        var length = (System.Numerics.BigInteger)list.Count * Math.Max(count, 0);
        if (length > Array.MaxLength / 4)
            throw context.Fail(TemplateDiagnostics.ArrayTooLong(context.SpanOf(site.Whole)));
        context.IterateAll(site.Whole, (int)length);
        var result = new TemplateArray((int)length);
        for (var i = 0; i < length; i++)
            result.Add(list[i % list.Count]);
        return result;
    }

    private object EvaluateTime(BinaryOperator @operator, object left, object right, OperatorSite site)
    {
        try
        {
            return (@operator, left, right) switch
            {
                (BinaryOperator.Subtract, DateTime from, DateTime what) => from - what,
                (BinaryOperator.Subtract, DateTime from, TimeSpan what) => from - what,
                (BinaryOperator.Add, DateTime to, TimeSpan what) => to + what,
                (BinaryOperator.Add, TimeSpan what, DateTime to) => to + what,
                (BinaryOperator.Add, TimeSpan to, TimeSpan what) => to + what,
                (BinaryOperator.Subtract, TimeSpan from, TimeSpan what) => from - what,
                _ => throw NotSupported(@operator, left, right, site),
            };
        }
        catch (Exception exception) when (exception is ArgumentOutOfRangeException or OverflowException)
        {
            throw context.Fail(TemplateDiagnostics.DateOutOfRange(context.SpanOf(site.Whole)));
        }
    }

    private TemplateRange Range(BinaryOperator @operator, object? left, object? right, OperatorSite site)
    {
        if (!Arithmetic.TryGetInteger(left, out var from) || !Arithmetic.TryGetInteger(right, out var to))
            throw NotSupported(@operator, left, right, site);
        var range = TemplateRange.TryCreate(from, to, @operator == BinaryOperator.RangeExclusive);
        if (range is null || (context.Limits.Iterations > 0 && range.Count > context.Limits.Iterations))
            throw context.Fail(
                TemplateDiagnostics.IterationLimit(context.SpanOf(site.Whole), context.Limits.Iterations)
            );
        return range;
    }

    public bool AreEqual(object? left, object? right, OperatorSite site, int depth)
    {
        if (ReferenceEquals(left, right))
            return true;
        if (left is string || right is string)
        {
            return left is not null
                && right is not null
                && !(left is EmptyValue || right is EmptyValue)
                && string.Equals(
                    context.Text.Of(left, site.Left),
                    context.Text.Of(right, site.Right),
                    StringComparison.Ordinal
                );
        }
        if (left is EmptyValue || right is EmptyValue)
            return (left is EmptyValue ? right : left)
                is IReadOnlyList<object?> { Count: 0 }
                    or TemplateObject { Count: 0 };
        if (left is null || right is null)
            return false;
        if (left is IReadOnlyList<object?> leftList && right is IReadOnlyList<object?> rightList)
            return AreListsEqual(leftList, rightList, site, depth);
        if (Arithmetic.IsNumeric(left) && Arithmetic.IsNumeric(right))
            return _arithmetic.Compare(left, right) == 0;
        return left.Equals(right);
    }

    private bool AreDifferent(object? left, object? right, OperatorSite site) =>
        context.Options.IsLenient
        && left is IReadOnlyList<object?> leftList
        && right is IReadOnlyList<object?> rightList
        && leftList.Count == rightList.Count
            ? HoldsForAllPairs(BinaryOperator.NotEqual, leftList, rightList, site)
            : !AreEqual(left, right, site, 0);

    /// <summary>How the reference compares arrays of one length: item by item, and all must agree.</summary>
    private bool HoldsForAllPairs(
        BinaryOperator @operator,
        IReadOnlyList<object?> left,
        IReadOnlyList<object?> right,
        OperatorSite site
    )
    {
        for (var i = 0; i < left.Count; i++)
        {
            context.EnsureStack(site.Whole);
            if (Evaluate(@operator, left[i], right[i], site) is not true)
                return false;
        }
        return left.Count > 0 || @operator is BinaryOperator.LessOrEqual or BinaryOperator.GreaterOrEqual;
    }

    private bool AreListsEqual(
        IReadOnlyList<object?> left,
        IReadOnlyList<object?> right,
        OperatorSite site,
        int depth
    )
    {
        if (left.Count != right.Count)
            return false;
        if (depth > context.Limits.ObjectDepth)
            throw context.Fail(
                TemplateDiagnostics.ObjectTooDeep(context.SpanOf(site.Whole), context.Limits.ObjectDepth)
            );
        for (var i = 0; i < left.Count; i++)
        {
            context.Tick(site.Whole);
            if (!AreEqual(left[i], right[i], site, depth + 1))
                return false;
        }
        return true;
    }

    private bool Compare(BinaryOperator @operator, object? left, object? right, OperatorSite site)
    {
        if (left is null || right is null)
            return false;
        int order;
        if (left is string || right is string)
            order = string.CompareOrdinal(
                context.Text.Of(left, site.Left),
                context.Text.Of(right, site.Right)
            );
        else if (left is double.NaN || right is double.NaN || left is float.NaN || right is float.NaN)
            return false;
        else if (Arithmetic.IsNumeric(left) && Arithmetic.IsNumeric(right))
            order = _arithmetic.Compare(left, right);
        else if (left is DateTime leftDate && right is DateTime rightDate)
            order = leftDate.CompareTo(rightDate);
        else if (left is TimeSpan leftTime && right is TimeSpan rightTime)
            order = leftTime.CompareTo(rightTime);
        else if (left is IReadOnlyList<object?> leftList && right is IReadOnlyList<object?> rightList)
        {
            if (context.Options.IsLenient && leftList.Count == rightList.Count)
                return HoldsForAllPairs(@operator, leftList, rightList, site);
            order = context.Options.IsLenient
                ? leftList.Count.CompareTo(rightList.Count)
                : CompareLists(leftList, rightList, site, 0);
        }
        else
            throw NotSupported(@operator, left, right, site);
        return @operator switch
        {
            BinaryOperator.Less => order < 0,
            BinaryOperator.LessOrEqual => order <= 0,
            BinaryOperator.Greater => order > 0,
            _ => order >= 0,
        };
    }

    private int CompareLists(
        IReadOnlyList<object?> left,
        IReadOnlyList<object?> right,
        OperatorSite site,
        int depth
    )
    {
        if (depth > context.Limits.ObjectDepth)
            throw context.Fail(
                TemplateDiagnostics.ObjectTooDeep(context.SpanOf(site.Whole), context.Limits.ObjectDepth)
            );
        for (var i = 0; i < Math.Min(left.Count, right.Count); i++)
        {
            context.Tick(site.Whole);
            if (AreEqual(left[i], right[i], site, depth + 1))
                continue;
            if (left[i] is IReadOnlyList<object?> leftItem && right[i] is IReadOnlyList<object?> rightItem)
                return CompareLists(leftItem, rightItem, site, depth + 1);
            return Compare(BinaryOperator.Less, left[i], right[i], site) ? -1 : 1;
        }
        return left.Count.CompareTo(right.Count);
    }

    /// <summary>The order of two values for sorting; null where they cannot be compared.</summary>
    public int? Order(object? left, object? right)
    {
        if (left is null || right is null)
            return (left is null ? 0 : 1) - (right is null ? 0 : 1);
        return (left, right) switch
        {
            (string a, string b) => string.Compare(
                a,
                b,
                context.Options.Culture,
                System.Globalization.CompareOptions.None
            ),
            (bool a, bool b) => a.CompareTo(b),
            (DateTime a, DateTime b) => a.CompareTo(b),
            (TimeSpan a, TimeSpan b) => a.CompareTo(b),
            _ when Arithmetic.IsNumber(left) && Arithmetic.IsNumber(right) => _arithmetic.Compare(
                left,
                right
            ),
            _ => null,
        };
    }

    public object? Negate(object? value, TextSpan span, bool isMinus)
    {
        if (value is null)
            return null;
        if (!Arithmetic.IsNumber(value))
        {
            throw context.Fail(
                TemplateDiagnostics.NotNumeric(
                    context.SpanOf(span),
                    isMinus ? "-" : "+",
                    ValueText.TypeName(value)
                )
            );
        }
        return isMinus ? Arithmetic.Negate(value) : value;
    }

    public static int CheckedShift(System.Numerics.BigInteger amount) =>
        System.Numerics.BigInteger.Abs(amount) > MaxShift ? MaxShift + 1 : (int)amount;

    public static int LargestShift => MaxShift;
}
