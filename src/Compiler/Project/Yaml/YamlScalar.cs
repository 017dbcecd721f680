using System.Globalization;
using Strata.Compiler.Text;

namespace Strata.Compiler.Project.Yaml;

/// <summary>A single value. <see cref="Value"/> is typed by YAML's core schema when it was written plain.</summary>
public sealed class YamlScalar(string text, object? value, bool isPlain, SourceSpan span) : YamlNode(span)
{
    public string Text { get; } = text;

    public object? Value { get; } = value;

    /// <summary>Whether it was written without quotes.</summary>
    public bool IsPlain { get; } = isPlain;

    public bool IsNull => Value is null;

    public override string Kind =>
        Value switch
        {
            null => "nothing",
            bool => "a boolean",
            long or double => "a number",
            _ => "text",
        };

    public override object? ToValue() => Value;

    /// <summary>A scalar as if its text had been written plain: <c>true</c> is a boolean, <c>12</c> a number.</summary>
    public static YamlScalar Plain(string text, SourceSpan span) =>
        new(text, ResolvePlain(text), isPlain: true, span);

    public static string Print(object? value) =>
        value switch
        {
            null => "null",
            true => "true",
            false => "false",
            _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
        };

    private static object? ResolvePlain(string text)
    {
        switch (text)
        {
            case "" or "~" or "null" or "Null" or "NULL":
                return null;
            case "true" or "True" or "TRUE":
                return true;
            case "false" or "False" or "FALSE":
                return false;
            case ".nan" or ".NaN" or ".NAN":
                return double.NaN;
            case ".inf" or ".Inf" or ".INF" or "+.inf":
                return double.PositiveInfinity;
            case "-.inf" or "-.Inf" or "-.INF":
                return double.NegativeInfinity;
        }
        var first = text[0];
        if (!char.IsAsciiDigit(first) && first is not ('-' or '+' or '.'))
            return text;
        if (text.StartsWith("0x", StringComparison.Ordinal))
        {
            return long.TryParse(
                text.AsSpan(2),
                NumberStyles.AllowHexSpecifier,
                CultureInfo.InvariantCulture,
                out var hex
            )
                ? hex
                : text;
        }
        const NumberStyles whole = NumberStyles.AllowLeadingSign;
        if (long.TryParse(text, whole, CultureInfo.InvariantCulture, out var integer))
            return integer;
        const NumberStyles real =
            NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        if (double.TryParse(text, real, CultureInfo.InvariantCulture, out var number))
            return number;
        return text;
    }
}
