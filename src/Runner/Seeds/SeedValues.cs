using System.Globalization;
using System.Text.RegularExpressions;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters.Bulk;
using Strata.Runner.Binding;

namespace Strata.Runner.Seeds;

/// <summary>The values that seeds can hold: how a text is recognized as a type, and read as its value.</summary>
internal static partial class SeedValues
{
    private static readonly DateTime Epoch = DateTime.UnixEpoch;
    private const int LeastDecimalPrecision = 18;
    private const int MostDecimalPrecision = 38;
    private const int MostDoubleDigits = 17;

    private static readonly TransferKind[] Inferred =
    [
        TransferKind.Boolean,
        TransferKind.Int64,
        TransferKind.Decimal,
        TransferKind.Double,
        TransferKind.Date,
        TransferKind.Timestamp,
        TransferKind.TimestampTz,
    ];

    /// <summary>The narrowest type that holds all values; a column without values is text.</summary>
    public static TransferType Infer(IEnumerable<string?> values)
    {
        var texts = values.OfType<string>().ToList();
        if (texts.Count == 0)
            return new TransferType(TransferKind.Text);
        foreach (var kind in Inferred)
        {
            if (!texts.All(text => IsTakenFor(text, kind)))
                continue;
            if (kind != TransferKind.Decimal)
                return new TransferType(kind);
            var scale = texts.Max(Scale);
            var precision = texts.Max(text => Digits(text) - Scale(text)) + scale;
            if (precision > MostDecimalPrecision)
                continue;
            return new TransferType(kind)
            {
                Precision = Math.Max(precision, LeastDecimalPrecision),
                Scale = scale,
            };
        }
        return new TransferType(TransferKind.Text);
    }

    // where nobody has said that it is a number: a leading plus is part of a telephone number, and more digits than a double keeps
    // are those of a code
    private static bool IsTakenFor(string text, TransferKind kind) =>
        IsWritten(text, kind)
        && kind switch
        {
            TransferKind.Int64 or TransferKind.Decimal => text[0] != '+',
            TransferKind.Double => text[0] != '+' && SignificantDigits(text) <= MostDoubleDigits,
            _ => true,
        };

    /// <summary>The kind of value behind a declared engine type, where we can tell; null leaves the reading to the engine.</summary>
    public static TransferKind? KindOf(string declared)
    {
        var word = declared.Split('(')[0].Trim().ToLowerInvariant();
        return word switch
        {
            "smallint" or "integer" or "int" or "bigint" or "tinyint" or "int2" or "int4" or "int8" =>
                TransferKind.Int64,
            "double" or "double precision" or "float" or "real" or "float4" or "float8" =>
                TransferKind.Double,
            "boolean" or "bool" => TransferKind.Boolean,
            "date" => TransferKind.Date,
            "timestamp" or "timestamp without time zone" or "datetime" => TransferKind.Timestamp,
            _ => null,
        };
    }

    /// <summary>
    /// Whether a text can be a value of a declared engine type, and stays the one that it is; true where only the engine can tell.
    /// </summary>
    public static bool Fits(string text, string declared, EngineType engine) =>
        IsWritten(text, declared) && LosslessCast.Keeps(text, declared, engine);

    /// <summary>Whether a text can be a value of a declared engine type, be it that the type has no room for all of it.</summary>
    public static bool IsWritten(string text, string declared) =>
        KindOf(declared) is { } kind
            ? IsWritten(text, kind)
                // midnight is a day, and UTC is what a time without a zone is taken for
                || kind is TransferKind.Date or TransferKind.Timestamp
                    && Moment().IsMatch(text)
                    && TryTimestamp(text, out _)
        : DecimalType().Match(declared) is { Success: true } type ? IsDecimal(text, type)
        : true;

    // before the point there is no room for more digits than these
    private static bool IsDecimal(string text, Match type)
    {
        if (DecimalText().Match(text) is not { Success: true } value)
            return false;
        if (!type.Groups["precision"].Success || value.Groups["exponent"].Success)
            return true;
        var precision = int.Parse(type.Groups["precision"].Value, CultureInfo.InvariantCulture);
        var scale = type.Groups["scale"] is { Success: true } group
            ? int.Parse(group.Value, CultureInfo.InvariantCulture)
            : 0;
        return value.Groups["whole"].Value.TrimStart('0').Count(char.IsAsciiDigit)
            <= Math.Max(0, precision - scale);
    }

    /// <summary>Whether a text is a value of a kind.</summary>
    public static bool IsWritten(string text, TransferKind kind) =>
        kind switch
        {
            TransferKind.Boolean => bool.TryParse(text, out _),
            // a leading zero belongs to a code, not to a number
            TransferKind.Int64 => WholeNumber().IsMatch(text)
                && long.TryParse(text, CultureInfo.InvariantCulture, out _),
            TransferKind.Decimal => PlainDecimal().IsMatch(text),
            // what is too great for a double is not infinite
            TransferKind.Double => Number().IsMatch(text) && double.IsFinite(ToDouble(text)),
            TransferKind.Date => DateOnly.TryParseExact(
                text,
                "yyyy-MM-dd",
                CultureInfo.InvariantCulture,
                DateTimeStyles.None,
                out _
            ),
            TransferKind.Timestamp => TimestampText().IsMatch(text) && TryTimestamp(text, out _),
            TransferKind.TimestampTz => TimestampTzText().IsMatch(text) && TryTimestamp(text, out _),
            _ => true,
        };

    public static long ToInt64(string text) =>
        long.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);

    public static double ToDouble(string text) =>
        double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);

    public static bool ToBoolean(string text) => bool.Parse(text);

    /// <summary>The unscaled value at a scale.</summary>
    public static Int128 ToDecimal(string text, int scale)
    {
        var digits = text.Replace(".", "", StringComparison.Ordinal);
        return Int128.Parse(
            digits + new string('0', scale - Scale(text)),
            NumberStyles.AllowLeadingSign,
            CultureInfo.InvariantCulture
        );
    }

    /// <summary>Days since 1970-01-01.</summary>
    public static int ToDate(string text) =>
        DateOnly.ParseExact(text.AsSpan(0, 10), "yyyy-MM-dd", CultureInfo.InvariantCulture).DayNumber
        - DateOnly.FromDateTime(Epoch).DayNumber;

    /// <summary>Microseconds since 1970-01-01; with a zone, in UTC.</summary>
    public static long ToTimestamp(string text)
    {
        TryTimestamp(text, out var instant);
        return (instant.Ticks - Epoch.Ticks) / TimeSpan.TicksPerMicrosecond;
    }

    private static bool TryTimestamp(string text, out DateTime instant) =>
        DateTime.TryParse(
            ZerosOfNanoseconds().Replace(text, "$1"),
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out instant
        );

    private static int Scale(string text) =>
        text.IndexOf('.', StringComparison.Ordinal) is var point and >= 0 ? text.Length - point - 1 : 0;

    private static int SignificantDigits(string text) =>
        string.Concat(text.TakeWhile(c => c is not ('e' or 'E')).Where(char.IsAsciiDigit)).Trim('0').Length;

    private static int Digits(string text) => text.Count(char.IsAsciiDigit);

    [GeneratedRegex(
        @"^\s*(decimal|numeric|dec)\s*(\(\s*(?<precision>[0-9]{1,4})\s*(,\s*(?<scale>[0-9]{1,4})\s*)?\))?\s*\z",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture
    )]
    private static partial Regex DecimalType();

    // what the engines take for a decimal is more than what is recognized as one; not every engine takes all of this
    [GeneratedRegex(
        @"^\s*[+-]?((?<whole>[0-9][0-9_]*)(\.[0-9_]*)?|\.[0-9][0-9_]*|nan|inf(inity)?)(?<exponent>e[+-]?[0-9]+)?\s*\z",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture
    )]
    private static partial Regex DecimalText();

    [GeneratedRegex(@"^[+-]?(0|[1-9][0-9]*)\z")]
    private static partial Regex WholeNumber();

    [GeneratedRegex(@"^[+-]?(0|[1-9][0-9]*)(\.[0-9]+)?\z")]
    private static partial Regex PlainDecimal();

    [GeneratedRegex(@"^[+-]?(0|[1-9][0-9]*)?(\.[0-9]+)?([eE][+-]?[0-9]{1,3})?\z(?<=[0-9])")]
    private static partial Regex Number();

    [GeneratedRegex(@"^[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?\z")]
    private static partial Regex TimestampText();

    [GeneratedRegex(
        @"^[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,9})?)?(Z|[+-][0-9]{2}(:?[0-9]{2})?)?\z"
    )]
    private static partial Regex Moment();

    [GeneratedRegex(@"(\.[0-9]{6})0+(?![0-9])")]
    private static partial Regex ZerosOfNanoseconds();

    [GeneratedRegex(
        @"^[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?(Z|[+-][0-9]{2}(:?[0-9]{2})?)\z"
    )]
    private static partial Regex TimestampTzText();
}
