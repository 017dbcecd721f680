using System.Numerics;

namespace Strata.Compiler.Templating.Values;

/// <summary>Values that are needed again and again, boxed once.</summary>
internal static class Boxes
{
    private const int Lowest = -16;
    private const int Highest = 255;

    private static readonly object[] s_integers = CreateIntegers();

    public static object True { get; } = true;

    public static object False { get; } = false;

    public static object Of(bool value) => value ? True : False;

    public static object Of(int value) =>
        value is >= Lowest and <= Highest ? s_integers[value - Lowest] : value;

    public static object Of(long value) =>
        value is >= int.MinValue and <= int.MaxValue ? Of((int)value) : value;

    /// <summary>The smallest of int, long and big integer that holds the value.</summary>
    public static object Of(BigInteger value) =>
        value >= long.MinValue && value <= long.MaxValue ? Of((long)value) : value;

    private static object[] CreateIntegers()
    {
        var integers = new object[Highest - Lowest + 1];
        for (var i = 0; i < integers.Length; i++)
            integers[i] = i + Lowest;
        return integers;
    }
}
