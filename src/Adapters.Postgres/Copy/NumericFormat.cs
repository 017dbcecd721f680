using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Strata.Adapters.Postgres.Copy;

/// <summary>
/// The binary form of numeric: counts of base-10000 digits, the power of the first one, a sign, and how many
/// decimal digits behind the point are shown.
/// </summary>
internal static class NumericFormat
{
    private const int HeaderLength = 8;
    private const ushort Negative = 0x4000;
    private const ushort NaN = 0xC000;
    private const ushort PositiveInfinity = 0xD000;
    private const ushort NegativeInfinity = 0xF000;

    private static readonly UInt128[] PowersOfTen = MakePowersOfTen();

    public static void Write(CopyBuffer buffer, Int128 unscaled, int scale)
    {
        var isNegative = Int128.IsNegative(unscaled);
        // also right for the smallest value, whose negation does not fit
        var rest = isNegative ? (UInt128)(-(unscaled + 1)) + 1 : (UInt128)unscaled;
        Span<short> groups = stackalloc short[12];
        var count = 0;
        // the lowest group behind the point may be filled up with zeros
        if (scale % 4 is > 0 and var odd)
        {
            rest = DivRem(rest, (uint)PowersOfTen[odd], out var low);
            groups[count++] = (short)(low * (uint)PowersOfTen[4 - odd]);
        }
        while (rest > ulong.MaxValue)
        {
            rest = DivRem(rest, 10_000, out var low);
            groups[count++] = (short)low;
        }
        for (var small = (ulong)rest; small > 0; small /= 10_000)
            groups[count++] = (short)(small % 10_000);
        var weight = count - 1 - (scale + 3) / 4;
        WriteGroups(buffer, groups[..count], weight, isNegative ? Negative : (ushort)0, scale);
    }

    /// <param name="text">Plain decimal notation, NaN or an infinity.</param>
    public static void Write(CopyBuffer buffer, string text)
    {
        switch (text)
        {
            case "NaN":
                WriteGroups(buffer, [], 0, NaN, 0);
                return;
            case "Infinity":
                WriteGroups(buffer, [], 0, PositiveInfinity, 0);
                return;
            case "-Infinity":
                WriteGroups(buffer, [], 0, NegativeInfinity, 0);
                return;
        }
        var isNegative = text.StartsWith('-');
        var digits = text.AsSpan(isNegative ? 1 : 0);
        var point = digits.IndexOf('.');
        var whole = point < 0 ? digits : digits[..point];
        var fraction = point < 0 ? default : digits[(point + 1)..];
        var wholeGroups = (whole.Length + 3) / 4;
        var fractionGroups = (fraction.Length + 3) / 4;
        var padded =
            whole.ToString().PadLeft(wholeGroups * 4, '0')
            + fraction.ToString().PadRight(fractionGroups * 4, '0');
        var groups = new short[wholeGroups + fractionGroups];
        for (var i = 0; i < groups.Length; i++)
            groups[^(i + 1)] = short.Parse(padded.AsSpan(i * 4, 4), CultureInfo.InvariantCulture);
        WriteGroups(buffer, groups, wholeGroups - 1, isNegative ? Negative : (ushort)0, fraction.Length);
    }

    /// <summary>The value times ten to the power of <paramref name="scale"/>.</summary>
    public static Int128 Read(ReadOnlySpan<byte> field, int scale)
    {
        var header = Header.Read(field);
        if (header.Sign is NaN or PositiveInfinity or NegativeInfinity)
            throw new UnstorableValueException(
                "NaN or an infinity, which a decimal cannot hold",
                "cast it to double precision"
            );
        UInt128 value = 0;
        try
        {
            // decimal digits of the last group that count; the rest are zeros
            var shift = (header.Weight - header.Count + 1) * 4 + scale;
            for (var i = 0; i < header.Count; i++)
            {
                var group = (uint)header.Group(field, i);
                value =
                    i == header.Count - 1 && shift is < 0 and > -4
                        ? checked(value * PowersOfTen[4 + shift] + group / (uint)PowersOfTen[-shift])
                        : checked(value * 10_000 + group);
            }
            if (shift > 0)
                value = checked(value * PowersOfTen[Math.Min(shift, 38)]);
            if (header.Sign != Negative)
                return checked((Int128)value);
            return value == UInt128.One << 127 ? Int128.MinValue : -checked((Int128)value);
        }
        catch (OverflowException)
        {
            throw new UnstorableValueException("a number of more than 38 digits", "cast it to text");
        }
    }

    public static string ReadText(ReadOnlySpan<byte> field)
    {
        var header = Header.Read(field);
        switch (header.Sign)
        {
            case NaN:
                return "NaN";
            case PositiveInfinity:
                return "Infinity";
            case NegativeInfinity:
                return "-Infinity";
        }
        var text = new StringBuilder(header.Sign == Negative ? "-" : "");
        if (header.Weight < 0)
            text.Append('0');
        for (var i = 0; i <= header.Weight; i++)
            text.Append(
                (i < header.Count ? header.Group(field, i) : 0).ToString(
                    i == 0 ? "0" : "0000",
                    CultureInfo.InvariantCulture
                )
            );
        if (header.Scale == 0)
            return text.ToString();
        text.Append('.');
        var fraction = new StringBuilder();
        for (var power = -1; fraction.Length < header.Scale; power--)
        {
            var i = header.Weight - power;
            var group = i >= 0 && i < header.Count ? header.Group(field, i) : 0;
            fraction.Append(group.ToString("0000", CultureInfo.InvariantCulture));
        }
        return text.Append(fraction, 0, header.Scale).ToString();
    }

    /// <param name="groups">The lowest first.</param>
    /// <param name="weight">The power of 10000 of the highest group.</param>
    private static void WriteGroups(
        CopyBuffer buffer,
        ReadOnlySpan<short> groups,
        int weight,
        ushort sign,
        int scale
    )
    {
        while (groups is [.., 0])
        {
            groups = groups[..^1];
            weight--;
        }
        while (groups is [0, ..])
            groups = groups[1..];
        var span = buffer.Take(4 + HeaderLength + groups.Length * 2);
        BinaryPrimitives.WriteInt32BigEndian(span, HeaderLength + groups.Length * 2);
        BinaryPrimitives.WriteInt16BigEndian(span[4..], (short)groups.Length);
        BinaryPrimitives.WriteInt16BigEndian(span[6..], (short)(groups.IsEmpty ? 0 : weight));
        BinaryPrimitives.WriteUInt16BigEndian(
            span[8..],
            groups.IsEmpty && sign == Negative ? (ushort)0 : sign
        );
        BinaryPrimitives.WriteInt16BigEndian(span[10..], (short)scale);
        for (var i = 0; i < groups.Length; i++)
            BinaryPrimitives.WriteInt16BigEndian(span[(12 + i * 2)..], groups[^(i + 1)]);
    }

    private static UInt128 DivRem(UInt128 value, uint divisor, out uint remainder)
    {
        if (value <= ulong.MaxValue)
        {
            var (quotient, small) = Math.DivRem((ulong)value, divisor);
            remainder = (uint)small;
            return quotient;
        }
        var wide = value / divisor;
        remainder = (uint)(value - wide * divisor);
        return wide;
    }

    private static UInt128[] MakePowersOfTen()
    {
        var powers = new UInt128[39];
        powers[0] = 1;
        for (var i = 1; i < powers.Length; i++)
            powers[i] = powers[i - 1] * 10;
        return powers;
    }

    private readonly record struct Header(int Count, int Weight, ushort Sign, int Scale)
    {
        public static Header Read(ReadOnlySpan<byte> field) =>
            new(
                BinaryPrimitives.ReadInt16BigEndian(field),
                BinaryPrimitives.ReadInt16BigEndian(field[2..]),
                BinaryPrimitives.ReadUInt16BigEndian(field[4..]),
                BinaryPrimitives.ReadInt16BigEndian(field[6..])
            );

        public int Group(ReadOnlySpan<byte> field, int index) =>
            BinaryPrimitives.ReadInt16BigEndian(field[(HeaderLength + index * 2)..]);
    }
}
