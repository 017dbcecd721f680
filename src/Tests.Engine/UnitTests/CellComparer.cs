using System.Collections.Immutable;
using System.Globalization;
using System.Numerics;
using System.Text.Json;

namespace Strata.Tests.Engine.UnitTests;

/// <summary>
/// Whether two cells hold the same value: null equals null, numbers count by value (1.50 is 1.5), floats may differ by
/// a billionth, instants count by the instant, and JSON by what it says.
/// </summary>
/// <param name="tolerance">How far apart numbers with a fraction may be, as a share of the larger; null leaves it to the type.</param>
/// <param name="isJson">By column, whether its texts are JSON.</param>
public sealed class CellComparer(double? tolerance, ImmutableArray<bool> isJson)
{
    /// <summary>What two floats may differ by that were worked out in another order.</summary>
    public const double FloatTolerance = 1e-9;

    /// <summary>The same for floats of 32 bits, which have seven digits.</summary>
    public const double SmallFloatTolerance = 1e-6;

    public bool AreEqual(int column, object? expected, object? actual)
    {
        if (expected is null || actual is null)
            return expected is null && actual is null;
        if (IsNumber(expected) && IsNumber(actual))
            return AreEqualNumbers(expected, actual);
        return (expected, actual) switch
        {
            (byte[] a, byte[] b) => a.AsSpan().SequenceEqual(b),
            (DateTimeOffset a, DateTimeOffset b) => a.UtcTicks == b.UtcTicks,
            (DateTime a, DateTimeOffset b) => a == b.UtcDateTime,
            (DateTimeOffset a, DateTime b) => a.UtcDateTime == b,
            (DateOnly a, DateTime b) => a.ToDateTime(TimeOnly.MinValue) == b,
            (DateTime a, DateOnly b) => a == b.ToDateTime(TimeOnly.MinValue),
            (string a, string b) => a == b || (isJson[column] && IsSameJson(a, b)),
            // numbers that do not fit any type of ours come as the engine's text
            (string a, _) when IsNumber(actual) => IsSameBigNumber(a, actual),
            (_, string b) when IsNumber(expected) => IsSameBigNumber(b, expected),
            _ => expected.Equals(actual),
        };
    }

    /// <summary>In how many columns two rows differ.</summary>
    public int Differences(object?[] expected, object?[] actual)
    {
        var count = 0;
        for (var i = 0; i < expected.Length; i++)
        {
            if (!AreEqual(i, expected[i], actual[i]))
                count++;
        }
        return count;
    }

    private bool AreEqualNumbers(object expected, object actual)
    {
        var isFloat = expected is double or float || actual is double or float;
        var isWhole = expected is long && actual is long;
        if (isWhole || (!isFloat && tolerance is null))
            return ToDecimal(expected) == ToDecimal(actual);
        var (a, b) = (ToDouble(expected), ToDouble(actual));
        var allowed =
            tolerance ?? (expected is float || actual is float ? SmallFloatTolerance : FloatTolerance);
        if (!double.IsFinite(a) || !double.IsFinite(b))
            return a.Equals(b);
        return Math.Abs(a - b) <= allowed * Math.Max(Math.Abs(a), Math.Abs(b));
    }

    private static bool IsSameBigNumber(string text, object number) =>
        BigInteger.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var big)
        && number is long or decimal
        && big == new BigInteger(ToDecimal(number))
        && decimal.IsInteger(ToDecimal(number));

    private static bool IsSameJson(string a, string b)
    {
        try
        {
            using var one = JsonDocument.Parse(a);
            using var other = JsonDocument.Parse(b);
            // unlike nodes, elements may repeat a key, as text in a column may
            return JsonElement.DeepEquals(one.RootElement, other.RootElement);
        }
        // what is no JSON, or has half a character in it, is like its own text alone
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    private static bool IsNumber(object value) => value is long or decimal or double or float;

    private static decimal ToDecimal(object value) => Convert.ToDecimal(value, CultureInfo.InvariantCulture);

    private static double ToDouble(object value) => Convert.ToDouble(value, CultureInfo.InvariantCulture);
}
