using System.Collections.Immutable;
using System.Globalization;
using Strata.Compiler.Manifest;

namespace Strata.Tests.Engine.Catalog;

/// <summary>The arguments of one test, read by the parameters of its expectation: defaults filled in, values typed.</summary>
public sealed class CheckArguments
{
    // up to here every whole number is a double
    private const double MaxExact = 1L << 53;

    private readonly Expectation _expectation;
    private readonly TestNode _test;

    internal CheckArguments(Expectation expectation, TestNode test)
    {
        _expectation = expectation;
        _test = test;
    }

    /// <summary>The argument as written, under its name or an alias of it; null when absent.</summary>
    public TestArgument? Written(string name)
    {
        if (_test.Arguments.TryGetValue(name, out var argument))
            return argument;
        foreach (var alias in DefinitionCheck.FindParameter(_expectation, name)?.Aliases ?? [])
        {
            if (_test.Arguments.TryGetValue(alias, out argument))
                return argument;
        }
        return null;
    }

    /// <summary>Whether the test is about a column.</summary>
    public bool HasColumn => _test.Column is not null || Has("column");

    public bool Has(string name) => Value(name) is not null;

    public object? Value(string name)
    {
        var parameter = DefinitionCheck.FindParameter(_expectation, name);
        if (Written(name) is not { } argument)
            return parameter?.Default;
        return parameter?.Type == ParameterType.Integer ? ToWhole(argument.Value) : argument.Value;
    }

    public bool Flag(string name) => Value(name) is true;

    public string? Text(string name) =>
        Value(name) is { } value ? Convert.ToString(value, CultureInfo.InvariantCulture) : null;

    public double? Number(string name) => ToNumber(Value(name));

    public ImmutableArray<object?> List(string name) => ToList(Value(name));

    public ImmutableArray<string> Texts(string name) =>
        [.. List(name).Select(v => Convert.ToString(v, CultureInfo.InvariantCulture) ?? "")];

    public IReadOnlyDictionary<string, object?> Map(string name) => ToMap(Value(name));

    /// <summary>The node that a <see cref="ParameterType.Relation"/> names.</summary>
    public string? NodeId(string name) => Written(name)?.NodeId;

    /// <summary>A number, also when it is written as text; null for anything else.</summary>
    public static double? ToNumber(object? value) =>
        value switch
        {
            long or int or double or decimal or float => Convert.ToDouble(
                value,
                CultureInfo.InvariantCulture
            ),
            string text
                when double.TryParse(
                    text,
                    NumberStyles.Float,
                    CultureInfo.InvariantCulture,
                    out var number
                ) => number,
            _ => null,
        };

    // "2.0" is a whole number, and is written as one
    private static object? ToWhole(object? value) =>
        ToNumber(value) is { } number && Math.Abs(number) <= MaxExact ? (long)number : value;

    /// <summary>The items of a list; of one value, that value; of null, none.</summary>
    public static ImmutableArray<object?> ToList(object? value) =>
        value switch
        {
            null => [],
            string text => [text],
            IReadOnlyDictionary<string, object?> map => [map],
            System.Collections.IEnumerable items => [.. items.Cast<object?>()],
            _ => [value],
        };

    /// <summary>The texts in a value, lists and mappings of any depth.</summary>
    public static IEnumerable<string> TextsIn(object? value) =>
        value switch
        {
            string text => [text],
            IReadOnlyDictionary<string, object?> map => map.Values.SelectMany(TextsIn),
            System.Collections.IEnumerable list => list.Cast<object?>().SelectMany(TextsIn),
            _ => [],
        };

    public static IReadOnlyDictionary<string, object?> ToMap(object? value) =>
        value as IReadOnlyDictionary<string, object?> ?? ImmutableDictionary<string, object?>.Empty;
}
