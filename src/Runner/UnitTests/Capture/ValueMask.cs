using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Strata.Runner.Adapters.Values;

namespace Strata.Runner.UnitTests.Capture;

/// <summary>
/// Puts other values in the place of personal ones. The same value always becomes the same other one, in every table,
/// so that what joined still joins; type, length and shape stay, and nobody gets back without the key.
/// </summary>
internal sealed class ValueMask(byte[] key)
{
    private const string Letters = "abcdefghijklmnopqrstuvwxyz";
    private const int MostDays = 3650;

    /// <param name="isText">Whether the column holds text; what else comes as text cannot be masked, and becomes null.</param>
    public object? Mask(object? value, bool isText)
    {
        if (value is null)
            return null;
        var stream = new KeyStream(key, ValueText.Of(value) ?? "");
        return value switch
        {
            string text => isText ? MaskText(text, stream) : null,
            bool => stream.Next(2) == 0,
            long number => MaskWhole(number, stream),
            decimal number => MaskDecimal(number, stream),
            double number => number * (0.5 + stream.Next(500) / 1000.0),
            float number => number * (0.5f + stream.Next(500) / 1000f),
            Guid => new Guid(stream.Bytes(16)),
            byte[] bytes => stream.Bytes(bytes.Length),
            DateOnly date => date.AddDays(
                Away(date.ToDateTime(TimeOnly.MinValue), TimeSpan.FromDays(1 + stream.Next(MostDays))).Days
            ),
            DateTime time => time + Away(time, DaysAndSeconds(stream)),
            DateTimeOffset time => time + Away(time.UtcDateTime, DaysAndSeconds(stream)),
            TimeOnly time => time.Add(TimeSpan.FromSeconds(stream.Next(86_400))),
            _ => null,
        };
    }

    private static TimeSpan DaysAndSeconds(KeyStream stream) =>
        TimeSpan.FromDays(1 + stream.Next(MostDays)) + TimeSpan.FromSeconds(stream.Next(86_400));

    // back in time, but nothing is earlier than the first day
    private static TimeSpan Away(DateTime from, TimeSpan span) =>
        from - DateTime.MinValue >= span ? -span : span;

    private static string MaskText(string text, KeyStream stream)
    {
        var masked = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.IsDigit(rune))
                masked.Append((char)('0' + stream.Next(10)));
            else if (Rune.IsUpper(rune))
                masked.Append(char.ToUpperInvariant(Letters[stream.Next(26)]));
            else if (Rune.IsLetter(rune))
                masked.Append(Letters[stream.Next(26)]);
            else
                masked.Append(rune);
        }
        return masked.ToString();
    }

    // never larger than it was, so that it still fits its column
    private static long MaskWhole(long number, KeyStream stream)
    {
        if (number == long.MinValue)
            return -MaskWhole(long.MaxValue, stream);
        var size = Math.Abs(number);
        if (size < 10)
            return number < 0 ? -1 - stream.Next(9) : stream.Next(10);
        var digits = size.ToString(CultureInfo.InvariantCulture);
        var first = digits[0] - '0';
        var length = first > 1 ? digits.Length : digits.Length - 1;
        var masked = new StringBuilder();
        masked.Append(first > 1 ? 1 + stream.Next(first - 1) : 1 + stream.Next(9));
        while (masked.Length < length)
            masked.Append(stream.Next(10));
        var value = long.Parse(masked.ToString(), CultureInfo.InvariantCulture);
        return number < 0 ? -value : value;
    }

    private static object? MaskDecimal(decimal number, KeyStream stream)
    {
        var whole = decimal.Truncate(number);
        if (Math.Abs(whole) > long.MaxValue)
            return null;
        var scale = (decimal.GetBits(number)[3] >> 16) & 0xFF;
        // a column may have no room for anything before the point
        var masked = whole == 0 ? 0m : MaskWhole((long)whole, stream);
        var unit = number < 0 ? -1m : 1m;
        for (var i = 0; i < scale; i++)
        {
            unit /= 10;
            masked += unit * stream.Next(10);
        }
        return masked;
    }

    /// <summary>Bytes that follow from a key and a value alone.</summary>
    private sealed class KeyStream(byte[] key, string value)
    {
        private readonly byte[] _value = Encoding.UTF8.GetBytes(value);
        private byte[] _block = [];
        private int _used;
        private int _blocks;

        public int Next(int limit) => (int)(BitConverter.ToUInt32(Bytes(4)) % (uint)limit);

        public byte[] Bytes(int count)
        {
            var bytes = new byte[count];
            for (var i = 0; i < count; i++)
            {
                if (_used == _block.Length)
                {
                    byte[] block = [.. _value, .. BitConverter.GetBytes(_blocks++)];
                    _block = HMACSHA256.HashData(key, block);
                    _used = 0;
                }
                bytes[i] = _block[_used++];
            }
            return bytes;
        }
    }
}
