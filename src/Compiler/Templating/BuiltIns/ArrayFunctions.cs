using System.Text;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Templating.Evaluation;
using Strata.Compiler.Templating.Values;

namespace Strata.Compiler.Templating.BuiltIns;

/// <summary><c>array</c>: functions that never change the array they are given.</summary>
internal static class ArrayFunctions
{
    private static readonly TemplateParameter s_list = new("list");

    public static BuiltInObject Create() =>
        BuiltInObject.Create(
            "array",
            [
                new(
                    "array.add",
                    "The array with one more item at its end.",
                    [s_list, new("value")],
                    Add,
                    "{{ [1, 2] | array.add 3 }}",
                    "[1, 2, 3]"
                ),
                new(
                    "array.add_range",
                    "The two arrays one after the other.",
                    [new("list1"), new("list2")],
                    Concat,
                    "{{ [1, 2] | array.add_range [3, 4] }}",
                    "[1, 2, 3, 4]"
                ),
                new(
                    "array.compact",
                    "The array without its nulls.",
                    [s_list],
                    call => Copy(call, item => item is not null),
                    "{{ [1, null, 3] | array.compact }}",
                    "[1, 3]"
                ),
                new(
                    "array.concat",
                    "The two arrays one after the other.",
                    [new("list1"), new("list2")],
                    Concat,
                    "{{ [1, 2] | array.concat [3, 4] }}",
                    "[1, 2, 3, 4]"
                ),
                new(
                    "array.cycle",
                    "The next item of the array at each call, over and over. Calls with equal arrays, or with the same group, go on together.",
                    [s_list, TemplateParameter.Optional("group")],
                    Cycle,
                    "{{ for x in 1..3; array.cycle [\"a\", \"b\"]; end }}",
                    "aba"
                ),
                new(
                    "array.any",
                    "Whether the function is true for an item. Further arguments are passed on to it.",
                    [s_list, new("function"), TemplateParameter.Variadic("args")],
                    Any,
                    "{{ [\"id\", \"name\"] | array.any @string.contains \"am\" }}",
                    "true"
                ),
                new(
                    "array.each",
                    "What the function gives for each item. Further arguments are passed on to it.",
                    [s_list, new("function"), TemplateParameter.Variadic("args")],
                    Each,
                    "{{ [\"a\", \"b\"] | array.each @string.upcase }}",
                    "[\"A\", \"B\"]"
                ),
                new(
                    "array.filter",
                    "The items for which the function is true. Further arguments are passed on to it.",
                    [s_list, new("function"), TemplateParameter.Variadic("args")],
                    Filter,
                    "{{ [\"id\", \"name\"] | array.filter @string.contains \"am\" }}",
                    "[\"name\"]"
                ),
                new(
                    "array.first",
                    "The first item, or null.",
                    [s_list],
                    call => List(call) is { Count: > 0 } list ? list[0] : null,
                    "{{ [4, 5, 6] | array.first }}",
                    "4"
                ),
                new(
                    "array.insert_at",
                    "The array with a value put before the item at the index.",
                    [s_list, new("index"), new("value")],
                    InsertAt,
                    "{{ [\"a\", \"c\"] | array.insert_at 1 \"b\" }}",
                    "[\"a\", \"b\", \"c\"]"
                ),
                new(
                    "array.join",
                    "The items as one text with a delimiter between them. The function, if given, makes the text of each item.",
                    [s_list, new("delimiter"), TemplateParameter.Optional("function")],
                    Join,
                    "{{ [\"id\", \"name\"] | array.join \", \" }}",
                    "id, name"
                ),
                new(
                    "array.last",
                    "The last item, or null.",
                    [s_list],
                    call => List(call) is { Count: > 0 } list ? list[^1] : null,
                    "{{ [4, 5, 6] | array.last }}",
                    "6"
                ),
                new(
                    "array.limit",
                    "The first items, up to a number.",
                    [s_list, new("count")],
                    call => Slice(call, 0, call.Int(1)),
                    "{{ [4, 5, 6] | array.limit 2 }}",
                    "[4, 5]"
                ),
                new(
                    "array.map",
                    "The value of a member of each item.",
                    [s_list, new("member")],
                    Map,
                    "{{ [{name: \"id\"}, {name: \"total\"}] | array.map \"name\" }}",
                    "[\"id\", \"total\"]"
                ),
                new(
                    "array.offset",
                    "The items from an index on.",
                    [s_list, new("index")],
                    call => Slice(call, Math.Max(call.Int(1), 0), int.MaxValue),
                    "{{ [4, 5, 6] | array.offset 1 }}",
                    "[5, 6]"
                ),
                new(
                    "array.remove_at",
                    "The array without the item at the index; a negative index counts from the end.",
                    [s_list, new("index")],
                    RemoveAt,
                    "{{ [4, 5, 6] | array.remove_at 1 }}",
                    "[4, 6]"
                ),
                new(
                    "array.reverse",
                    "The items from last to first.",
                    [s_list],
                    Reverse,
                    "{{ [1, 2, 3] | array.reverse }}",
                    "[3, 2, 1]"
                ),
                new(
                    "array.size",
                    "The number of items; 0 for null.",
                    [s_list],
                    call => Boxes.Of(call[0] is null ? 0 : Require(call).Count),
                    "{{ [4, 5, 6] | array.size }}",
                    "3"
                ),
                new(
                    "array.sort",
                    "The items in ascending order, or in that of a member, which may be a path such as `customer.name`. Equal items stay in order.",
                    [s_list, TemplateParameter.Optional("member")],
                    ArraySort.Sort,
                    "{{ [10, 2, 6] | array.sort }}",
                    "[2, 6, 10]"
                ),
                new(
                    "array.uniq",
                    "The items without repetitions.",
                    [s_list],
                    Unique,
                    "{{ [1, 1, 4, 5, 4] | array.uniq }}",
                    "[1, 4, 5]"
                ),
                new(
                    "array.contains",
                    "Whether the array has an item that equals the value.",
                    [s_list, new("item")],
                    Contains,
                    "{{ [1, 2, 3] | array.contains 2 }}",
                    "true"
                ),
            ]
        );

    private static IReadOnlyList<object?>? List(TemplateCallContext call) => call.ListOrNull(0);

    private static IReadOnlyList<object?> Require(TemplateCallContext call) => call.ListOrNull(0) ?? [];

    private static TemplateArray Add(TemplateCallContext call)
    {
        var list = Require(call);
        call.CountIterations(list.Count);
        return [.. list, call[1]];
    }

    private static object? Concat(TemplateCallContext call)
    {
        var first = call.ListOrNull(0);
        var second = call.ListOrNull(1);
        if (first is null || second is null)
            return first ?? second;
        call.CountIterations(first.Count + second.Count);
        return new TemplateArray(first.Concat(second));
    }

    private static TemplateArray? Copy(TemplateCallContext call, Func<object?, bool> predicate)
    {
        if (List(call) is not { } list)
            return null;
        call.CountIterations(list.Count);
        return new TemplateArray(list.Where(predicate));
    }

    private static object? Cycle(TemplateCallContext call)
    {
        if (List(call) is not { Count: > 0 } list)
            return null;
        var group = call[1] is null ? string.Join(',', list.Select(call.TextOf)) : call.Text(1);
        var cycles = call.Context.Cycles;
        var index = cycles.GetValueOrDefault(group) % list.Count;
        cycles[group] = index + 1;
        return list[index];
    }

    private static object? Apply(TemplateCallContext call, TemplateFunction function, object? item)
    {
        call.Context.Iterate(call.CallSpan);
        return call.Rest.Count == 0 ? call.Call(function, item) : call.Call(function, [item, .. call.Rest]);
    }

    private static object? OverItems(
        TemplateCallContext call,
        Func<IReadOnlyList<object?>, TemplateFunction, object?> body
    )
    {
        if (List(call) is not { } list || call[1] is null)
            return call[0];
        var function = call.Function(1);
        call.Context.EnterLoop();
        try
        {
            return body(list, function);
        }
        finally
        {
            call.Context.LeaveLoop();
        }
    }

    private static object Any(TemplateCallContext call) =>
        Boxes.Of(
            call[0] is not null
                && OverItems(
                    call,
                    (list, function) =>
                        Boxes.Of(list.Any(item => Operators.IsTrue(Apply(call, function, item))))
                )
                    is true
        );

    private static object? Each(TemplateCallContext call) =>
        OverItems(
            call,
            (list, function) => new TemplateArray(list.Select(item => Apply(call, function, item)))
        );

    private static object? Filter(TemplateCallContext call) =>
        OverItems(
            call,
            (list, function) =>
                new TemplateArray(list.Where(item => Operators.IsTrue(Apply(call, function, item))))
        );

    private static TemplateArray InsertAt(TemplateCallContext call)
    {
        var list = Require(call);
        var index = call.Int(1);
        if (index < 0)
            index = Math.Max(index + list.Count, 0);
        call.CountIterations(Math.Max(list.Count, index));
        var result = new TemplateArray(list.Take(index));
        while (result.Count < index)
            result.Add(null);
        result.Add(call[2]);
        foreach (var item in list.Skip(index))
            result.Add(item);
        return result;
    }

    private static string Join(TemplateCallContext call)
    {
        var list = Require(call);
        var delimiter = call.Text(1);
        var function = call[2] is null ? null : call.Function(2);
        var text = new StringBuilder();
        call.Context.EnterLoop();
        try
        {
            for (var i = 0; i < list.Count; i++)
            {
                call.Context.Iterate(call.CallSpan);
                if (i > 0)
                    text.Append(delimiter);
                text.Append(call.TextOf(function is null ? list[i] : call.Call(function, list[i])));
                call.Context.CheckLength(text.Length, call.CallSpan);
            }
        }
        finally
        {
            call.Context.LeaveLoop();
        }
        return text.ToString();
    }

    private static TemplateArray? Slice(TemplateCallContext call, int offset, int count)
    {
        if (List(call) is not { } list)
            return null;
        call.CountIterations(list.Count);
        return new TemplateArray(list.Skip(offset).Take(count));
    }

    private static TemplateArray? Map(TemplateCallContext call)
    {
        if (List(call) is not { } list || call[1] is null)
            return null;
        var member = call.Text(1);
        call.CountIterations(list.Count);
        return new TemplateArray(list.Select(item => ArraySort.Member(item, member)));
    }

    private static TemplateArray RemoveAt(TemplateCallContext call)
    {
        var list = Require(call);
        var index = call.Int(1);
        if (index < 0)
            index += list.Count;
        call.CountIterations(list.Count);
        return new TemplateArray(list.Where((_, position) => position != index));
    }

    private static TemplateArray Reverse(TemplateCallContext call)
    {
        var list = Require(call);
        call.CountIterations(list.Count);
        return new TemplateArray(Enumerable.Reverse(list));
    }

    private static TemplateArray? Unique(TemplateCallContext call)
    {
        if (List(call) is not { } list)
            return null;
        call.CountIterations(list.Count);
        return new TemplateArray(list.Distinct());
    }

    private static object Contains(TemplateCallContext call)
    {
        var list = Require(call);
        call.CountIterations(list.Count);
        var site = new OperatorSite(call.CallSpan, call.CallSpan, call.CallSpan);
        var operators = call.Caller.Expressions.Operators;
        return Boxes.Of(list.Any(item => operators.AreEqual(item, call[1], site, 0)));
    }
}
