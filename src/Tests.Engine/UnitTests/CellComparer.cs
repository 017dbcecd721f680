using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace Strata.Tests.Engine.UnitTests;

/// <summary>
/// Whether two cells hold the same value: null equals null, numbers count by value (1.50 is 1.5), floats may differ by
/// a billionth, instants count by the instant, and JSON by what it says.
/// </summary>
/// <param name="tolerance">How far apart numbers with a fraction may be, as a share of the larger; null leaves it to the type.</param>
/// <param name="isJson">By column, whether its texts are JSON.</param>
/// <param name="isNumber">By column, whether its texts are numbers, which have more digits than any type of ours.</param>
public sealed class CellComparer(
    double? tolerance,
    ImmutableArray<bool> isJson,
    ImmutableArray<bool> isNumber = default
)
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
            (string a, string b) => a == b
                || (isJson[column] && IsSameJson(a, b))
                || (!isNumber.IsDefault && isNumber[column] && AreEqualWritten(a, b)),
            // numbers that do not fit any type of ours come as the engine's text
            (string a, _) when IsNumber(actual) => AreEqualWritten(a, actual),
            (_, string b) when IsNumber(expected) => AreEqualWritten(expected, b),
            _ => expected.Equals(actual),
        };
    }

    /// <summary>Whether a value equals another one of its type only if it is the same.</summary>
    public bool IsExact(int column, object value) =>
        value switch
        {
            string => !isJson[column] && (isNumber.IsDefault || !isNumber[column]),
            long or bool or DateOnly or DateTime or TimeOnly or TimeSpan or Guid => true,
            _ => false,
        };

    /// <summary>Whether numbers that are no floats may be apart.</summary>
    public bool HasTolerance => tolerance is not null;

    public bool AreEqualRows(object?[] expected, object?[] actual)
    {
        for (var i = 0; i < expected.Length; i++)
        {
            if (!AreEqual(i, expected[i], actual[i]))
                return false;
        }
        return true;
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
        return AreNear(ToDouble(expected), ToDouble(actual), expected is float || actual is float);
    }

    private bool AreNear(double a, double b, bool isSingle)
    {
        var allowed = tolerance ?? (isSingle ? SmallFloatTolerance : FloatTolerance);
        if (!double.IsFinite(a) || !double.IsFinite(b))
            return a.Equals(b);
        return Math.Abs(a - b) <= allowed * Math.Max(Math.Abs(a), Math.Abs(b));
    }

    /// <summary>Numbers of which at least one is text.</summary>
    private bool AreEqualWritten(object expected, object actual)
    {
        if (expected is double or float || actual is double or float)
            return IsNear(isSingle: expected is float || actual is float);
        if (Exact(expected) is not { } a || Exact(actual) is not { } b)
            // no digits: the numeric of Postgres may be NaN or infinite
            return Exact(expected) is null && Exact(actual) is null && IsNear(isSingle: false);
        return a == b || (tolerance is not null && !(a.IsWhole && b.IsWhole) && IsNear(isSingle: false));

        bool IsNear(bool isSingle) =>
            Approximate(expected) is { } one
            && Approximate(actual) is { } other
            && AreNear(one, other, isSingle);
    }

    private static ExactNumber? Exact(object value) =>
        ExactNumber.Parse(value as string ?? Convert.ToString(value, CultureInfo.InvariantCulture) ?? "");

    private static double? Approximate(object value) =>
        value is not string text ? ToDouble(value)
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number
        : null;

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
