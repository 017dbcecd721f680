using System.Collections;
using System.Globalization;
using Strata.Compiler.Manifest;

namespace Strata.Runner.Results;

/// <summary>The words for tests and how they ended, the same in every report.</summary>
public static class TestWords
{
    public static string Of(TestStatus status) => status.ToString().ToLowerInvariant();

    /// <summary>The arguments as the project wrote them: <c>min_value 1, max_value 5</c>.</summary>
    public static string Arguments(TestNode test) =>
        string.Join(
            ", ",
            test.Arguments.Where(argument => argument.Key is not ("mostly" or "column" or "column_name"))
                .OrderBy(argument => argument.Value.Span.Span.Start)
                .Select(argument => $"{argument.Key} {Value(argument.Value.Value)}")
        );

    /// <summary>A value of YAML in one line: <c>[1, 2]</c>, <c>{count: 6, period: hour}</c>.</summary>
    public static string Value(object? value) =>
        value switch
        {
            null => "null",
            bool flag => flag ? "true" : "false",
            string text => text,
            IDictionary map =>
                $"{{{string.Join(", ", map.Keys.Cast<object>().Select(key => $"{key}: {Value(map[key])}"))}}}",
            IEnumerable list => $"[{string.Join(", ", list.Cast<object?>().Select(Value))}]",
            _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
        };
}
