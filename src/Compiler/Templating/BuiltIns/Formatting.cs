using System.Globalization;

namespace Strata.Compiler.Templating.BuiltIns;

/// <summary>Values in the formats of .NET, and cultures by name.</summary>
internal static class Formatting
{
    /// <summary><c>(value, format, culture?)</c>.</summary>
    public static string Format(TemplateCallContext call)
    {
        if (call[0] is not IFormattable value)
            return call.Text(0);
        var format = call.TextOrNull(1);
        // a precision is a number of characters to come
        if (format is { Length: > 64 } || (format is not null && DigitsOf(format) > 1000))
            throw call.Invalid(1, "the format is too long");
        try
        {
            return value.ToString(format, Culture(call, 2));
        }
        catch (FormatException)
        {
            throw call.Invalid(1, $"'{format}' is not a format for this value");
        }
    }

    private static int DigitsOf(string format) =>
        format.Length > 1
        && int.TryParse(format.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out var digits)
            ? digits
            : 0;

    /// <summary>The culture that an argument names, or the one of the render.</summary>
    public static CultureInfo Culture(TemplateCallContext call, int index)
    {
        if (call.TextOrNull(index) is not { } name)
            return call.Context.Options.Culture;
        try
        {
            return CultureInfo.GetCultureInfo(name);
        }
        catch (CultureNotFoundException)
        {
            throw call.Invalid(index, $"'{name}' is not the name of a culture, such as en-US");
        }
    }
}
