using System.Collections;
using System.Globalization;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;
using Strata.Tests.Engine.Dialects;

namespace Strata.Tests.Engine.Catalog;

/// <summary>Which values a parameter takes, and which can be compared with a column.</summary>
internal static class ArgumentTypes
{
    public static IEnumerable<Diagnostic> Check(Parameter parameter, TestArgument argument)
    {
        if (argument.Value is null)
        {
            if (!parameter.AllowsNull)
                yield return TestDiagnostics.WrongArgument(
                    argument.Span,
                    parameter.Name,
                    Expected(parameter),
                    "null"
                );
            yield break;
        }
        if (
            parameter.Type == ParameterType.Choice
            && argument.Value is string word
            && !parameter.Choices.Contains(word)
        )
            yield return TestDiagnostics.WrongArgument(
                argument.Span,
                parameter.Name,
                Expected(parameter),
                $"'{word}'",
                Suggestions.DidYouMean(word, parameter.Choices)
            );
        else if (!Accepts(parameter.Type, argument))
            yield return TestDiagnostics.WrongArgument(
                argument.Span,
                parameter.Name,
                Expected(parameter),
                Describe(argument.Value)
            );
    }

    /// <summary>Whether the engine could compare the value with a column of the family.</summary>
    public static bool IsComparable(object? value, TypeFamily family) =>
        family switch
        {
            _ when value is null => true,
            TypeFamily.Integer or TypeFamily.Decimal or TypeFamily.Float => CheckArguments.ToNumber(value)
                is not null,
            TypeFamily.Boolean => value is bool
                || value is string text && bool.TryParse(text, out _)
                || value is long and (0 or 1),
            TypeFamily.Date or TypeFamily.Timestamp or TypeFamily.TimestampTz => value is string text
                && MomentText.Normal(text, family) is not null,
            TypeFamily.Uuid => value is string text && Guid.TryParse(text, out _),
            _ => true,
        };

    /// <summary>A value in words: <c>text 'quack'</c>.</summary>
    public static string Describe(object? value) =>
        value switch
        {
            null => "null",
            bool flag => flag ? "true" : "false",
            string text => $"text '{text}'",
            IDictionary or IReadOnlyDictionary<string, object?> => "a mapping",
            IEnumerable => "a list",
            _ => $"the number {Convert.ToString(value, CultureInfo.InvariantCulture)}",
        };

    private static bool Accepts(ParameterType type, TestArgument argument)
    {
        var value = argument.Value;
        return type switch
        {
            ParameterType.Boolean => value is bool,
            ParameterType.Integer => CheckArguments.ToNumber(value) is { } n && Math.Floor(n) == n,
            ParameterType.Number => CheckArguments.ToNumber(value) is not null,
            ParameterType.Fraction => CheckArguments.ToNumber(value) is >= 0 and <= 1,
            ParameterType.Text or ParameterType.Pattern or ParameterType.Choice or ParameterType.Column =>
                value is string,
            ParameterType.Value => IsScalar(value),
            ParameterType.SqlValue or ParameterType.Expression => IsScalar(value),
            ParameterType.Values => IsList(value)
                && CheckArguments.ToList(value).All(v => v is null || IsScalar(v)),
            ParameterType.Tuples => IsList(value) && CheckArguments.ToList(value).All(IsList),
            ParameterType.Texts or ParameterType.Columns => value is string
                || IsList(value) && CheckArguments.ToList(value).All(v => v is string),
            ParameterType.Expressions => IsScalar(value)
                || IsList(value) && CheckArguments.ToList(value).All(IsScalar),
            ParameterType.Relation => argument.NodeId is not null,
            ParameterType.Map or ParameterType.Period => value is IReadOnlyDictionary<string, object?>,
            ParameterType.Numbers => value is IReadOnlyDictionary<string, object?> map
                ? map.Values.All(v => CheckArguments.ToNumber(v) is not null)
                : IsList(value)
                    && CheckArguments.ToList(value).All(v => CheckArguments.ToNumber(v) is not null),
            _ => throw new ArgumentOutOfRangeException(nameof(type)),
        };
    }

    private static bool IsScalar(object? value) =>
        value is string or bool or long or int or double or decimal;

    private static bool IsList(object? value) =>
        value is IEnumerable and not string and not IDictionary and not IReadOnlyDictionary<string, object?>;

    private static string Expected(Parameter parameter) =>
        parameter.Type switch
        {
            ParameterType.Boolean => "true or false",
            ParameterType.Integer => "a whole number",
            ParameterType.Number => "a number",
            ParameterType.Fraction => "a number from 0 to 1",
            ParameterType.Text => "text",
            ParameterType.Choice => $"one of {string.Join(", ", parameter.Choices)}",
            ParameterType.Value or ParameterType.SqlValue => "a single value",
            ParameterType.Values => "a list of values",
            ParameterType.Tuples => "a list of lists",
            ParameterType.Pattern => "a regular expression",
            ParameterType.Texts => "a list of text",
            ParameterType.Column => "the name of a column",
            ParameterType.Columns => "a list of column names",
            ParameterType.Expression => "a SQL expression",
            ParameterType.Expressions => "a list of SQL expressions",
            ParameterType.Relation => "a ref or a source",
            ParameterType.Map => "a mapping",
            ParameterType.Numbers => "a list or mapping of numbers",
            ParameterType.Period => "a period such as {count: 6, period: hour}",
            _ => throw new ArgumentOutOfRangeException(nameof(parameter)),
        };
}
