using Strata.Compiler.Diagnostics;
using Strata.Compiler.Templating.Evaluation;

namespace Strata.Compiler.Templating.BuiltIns;

/// <summary><c>array.sort</c>: stable, by value or by a member.</summary>
internal static class ArraySort
{
    public static TemplateArray Sort(TemplateCallContext call)
    {
        var list = call.ListOrNull(0) ?? [];
        call.CountIterations(list.Count);
        var member = call[1] is null ? "" : call.Text(1);
        var keys = list.Select(item => member.Length == 0 ? item : Member(item, member)).ToArray();
        var order = Enumerable.Range(0, list.Count).ToArray();
        MergeSort(call, keys, order);
        return new TemplateArray(order.Select(index => list[index]));
    }

    /// <summary>A member of an item: by its name or, where there is none, by the path that the name spells.</summary>
    public static object? Member(object? item, string name)
    {
        if (TryGet(item, name, out var value))
            return value;
        foreach (var part in name.Split('.'))
        {
            if (!TryGet(item, part, out item))
                return null;
        }
        return item;
    }

    private static bool TryGet(object? item, string name, out object? value)
    {
        switch (item)
        {
            case TemplateObject @object:
                return @object.TryGet(name, out value);
            case TemplateArray { Members: { } members }:
                return members.TryGet(name, out value);
            case not null when TimeMembers.Get(item, name) is { } part:
                value = part;
                return true;
            default:
                value = null;
                return false;
        }
    }

    /// <summary>
    /// Our own, because the library's sorts may not be interrupted by a failing comparison, and are not stable.
    /// </summary>
    private static void MergeSort(TemplateCallContext call, object?[] keys, int[] order)
    {
        var buffer = new int[order.Length];
        for (var width = 1; width < order.Length; width *= 2)
        {
            for (var start = 0; start < order.Length; start += 2 * width)
                Merge(call, keys, order, buffer, start, width);
            order.CopyTo(buffer, 0);
        }
    }

    private static void Merge(
        TemplateCallContext call,
        object?[] keys,
        int[] order,
        int[] buffer,
        int start,
        int width
    )
    {
        var middle = Math.Min(start + width, order.Length);
        var end = Math.Min(start + (2 * width), order.Length);
        Array.Copy(order, start, buffer, start, end - start);
        var left = start;
        var right = middle;
        for (var at = start; at < end; at++)
        {
            var takesLeft =
                left < middle
                && (right >= end || Compare(call, keys[buffer[left]], keys[buffer[right]]) <= 0);
            order[at] = takesLeft ? buffer[left++] : buffer[right++];
        }
    }

    private static int Compare(TemplateCallContext call, object? left, object? right)
    {
        call.Context.Tick(call.CallSpan);
        return call.Caller.Expressions.Operators.Order(left, right)
            ?? throw call.Error(
                TemplateDiagnostics.ElementsNotComparable(
                    call.SpanOf(0),
                    ValueText.TypeName(left),
                    ValueText.TypeName(right)
                )
            );
    }
}
