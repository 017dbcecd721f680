using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;

namespace Strata.Tests.Engine.UnitTests;

/// <summary>A number as it is written, with all its digits: <c>Digits / 10^Scale</c>, the digits without zeros at their end.</summary>
/// <param name="Scale">How many digits are behind the point; below 0 for zeros before it.</param>
public readonly partial record struct ExactNumber(BigInteger Digits, int Scale)
{
    // no column holds numbers with more
    private const int MostDigits = 20_000;

    public bool IsWhole => Scale <= 0;

    /// <returns>Null for what is no number, or none that any column could hold.</returns>
    public static ExactNumber? Parse(string text)
    {
        if (Written().Match(text.Trim()) is not { Success: true } match || match.Length > MostDigits)
            return null;
        var exponent = 0;
        if (
            match.Groups["exponent"] is { Success: true } written
            && (
                !int.TryParse(written.Value, CultureInfo.InvariantCulture, out exponent)
                || Math.Abs(exponent) > MostDigits
            )
        )
            return null;
        var fraction = match.Groups["fraction"].Value;
        var digits = (match.Groups["whole"].Value + fraction).TrimStart('0');
        var significant = digits.TrimEnd('0');
        if (significant.Length == 0)
            return new ExactNumber(BigInteger.Zero, 0);
        var value = BigInteger.Parse(significant, CultureInfo.InvariantCulture);
        return new ExactNumber(
            match.Groups["sign"].Value == "-" ? -value : value,
            fraction.Length - exponent - (digits.Length - significant.Length)
        );
    }

    [GeneratedRegex(
        @"^(?<sign>[+-]?)(?=\.?[0-9])(?<whole>[0-9]*)(\.(?<fraction>[0-9]*))?([eE](?<exponent>[+-]?[0-9]+))?$"
    )]
    private static partial Regex Written();
}
