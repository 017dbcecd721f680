using System.Collections.Immutable;
using Strata.Runner.Adapters.Bulk;
using Strata.Runner.Adapters.Values;

namespace Strata.Adapters.Conformance.Suites;

/// <summary>A column of one kind with the values at which carrying it goes wrong first.</summary>
/// <param name="Comeback">The type in which an engine gives the column back, where that is another one.</param>
public sealed record EdgeValues(
    TransferColumn Column,
    ImmutableArray<object> Values,
    TransferType? Comeback = null
)
{
    private static readonly Int128 TenTo38 = Int128.Parse("100000000000000000000000000000000000000");

    public string Name => Column.Name;

    public object? ValueAt(int row) =>
        row % (Values.Length + 1) is var i && i < Values.Length ? Values[i] : null;

    public static ImmutableArray<EdgeValues> All { get; } =
    [
        Of("boolean", new(TransferKind.Boolean), true, false),
        Of("int16", new(TransferKind.Int16), (short)0, short.MinValue, short.MaxValue),
        Of("int32", new(TransferKind.Int32), 0, -1, int.MinValue, int.MaxValue),
        Of("int64", new(TransferKind.Int64), 0L, -1L, long.MinValue, long.MaxValue),
        Of(
            "int128",
            new(TransferKind.Int128) { Precision = 39 },
            Int128.Zero,
            Int128.NegativeOne,
            Int128.MaxValue,
            Int128.MinValue,
            (Int128)long.MaxValue + 1,
            (Int128)10_000,
            (Int128)99_990_000
        ),
        Of(
            "float",
            new(TransferKind.Float),
            0f,
            0.1f,
            float.NaN,
            float.PositiveInfinity,
            float.NegativeInfinity,
            float.Epsilon,
            float.MaxValue
        ),
        Of(
            "double",
            new(TransferKind.Double),
            0d,
            0.1,
            double.NaN,
            double.PositiveInfinity,
            double.NegativeInfinity,
            double.Epsilon,
            double.MinValue
        ),
        Decimals(1, 0, 0, 9, -9),
        Decimals(4, 4, 1, -9999),
        Decimals(9, 2, 100, 12345, -1, 999_999_999),
        Decimals(18, 3, 1, 1_000_000_000_000_000, -999_999_999_999_999_999),
        Decimals(38, 0, TenTo38 - 1, 1 - TenTo38, 10_000, 0),
        Decimals(38, 38, TenTo38 - 1, 1 - TenTo38, 1, -1),
        Decimals(38, 37, TenTo38 - 1, 1, 5_000_000),
        Decimals(38, 13, TenTo38 - 1, 10_000_000_000_000, 1),
        Of(
            "number",
            new(TransferKind.Number),
            "0",
            "-1",
            "340282366920938463463374607431768211455",
            "0.000000000000000000000000000000000000000000012",
            "-123456.789",
            "10000",
            "0.10",
            "NaN"
        ),
        Of(
            "text",
            new(TransferKind.Text),
            "",
            "a",
            "it's",
            "back\\slash",
            "new\nline",
            "🦆 日本語 e\u0301",
            "\\N",
            "NULL",
            new string('x', 12),
            new string('y', 13),
            new string('é', 5000)
        ),
        Of(
            "bytes",
            new(TransferKind.Bytes),
            Array.Empty<byte>(),
            new byte[] { 0 },
            new byte[] { 0xFF, 0, 0x5C },
            Enumerable.Range(0, 1000).Select(i => (byte)i).ToArray()
        ),
        Of("bits", new(TransferKind.Bits), "0", "1", "10110", "00000000", "111111111", new string('1', 77)),
        Of(
            "date",
            new(TransferKind.Date),
            0,
            -1,
            19_782,
            -719_162,
            2_932_896,
            int.MaxValue,
            -int.MaxValue,
            -2_400_000
        ),
        Of("time", new(TransferKind.Time), 0L, 1L, 86_399_999_999L, 86_400_000_000L),
        Of(
            "timetz",
            new(TransferKind.TimeTz),
            new TimeTzValue(0, 0),
            new TimeTzValue(86_399_999_999, 57_599),
            new TimeTzValue(1, -57_599),
            new TimeTzValue(43_200_000_000, 19_800)
        ),
        Of(
            "timestamp",
            new(TransferKind.Timestamp),
            0L,
            -1L,
            1_709_210_096_789_000,
            -62_135_596_800_000_000,
            253_402_300_799_999_999,
            long.MaxValue,
            -long.MaxValue,
            -200_000_000_000_000_000
        ),
        Of(
            "timestamptz",
            new(TransferKind.TimestampTz),
            0L,
            -1L,
            1_709_210_096_789_000,
            long.MaxValue,
            -long.MaxValue
        ),
        Of("timestamp_ns", new(TransferKind.TimestampNs), 0L, 1L, 1_709_210_096_789_000_001),
        Of(
            "interval",
            new(TransferKind.Interval),
            new IntervalValue(0, 0, 0),
            new IntervalValue(-14, 40, -1),
            new IntervalValue(1, -1, 86_400_000_000 * 3),
            new IntervalValue(11_999, 0, 0)
        ),
        Of(
            "uuid",
            new(TransferKind.Uuid),
            Guid.Empty,
            Guid.Parse("00000000-0000-0000-0000-000000000001"),
            Guid.Parse("7fffffff-ffff-ffff-ffff-ffffffffffff"),
            Guid.Parse("80000000-0000-0000-0000-000000000000"),
            Guid.Parse("ffffffff-ffff-ffff-ffff-ffffffffffff"),
            Guid.Parse("a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11")
        ),
        // as jsonb writes it, since that form is the one that compares as text
        Of(
            "json",
            new(TransferKind.Json),
            "{}",
            "[]",
            "null",
            "\"x\"",
            "12.50",
            "{\"a\": [1, 2, {\"b\": null}]}",
            "\"🦆\""
        ),
        Lists("list_int", new(TransferKind.Int32), [1, null, 3], [], [null], [int.MinValue]),
        Lists("list_text", new(TransferKind.Text), ["a", "", null, "🦆", "it's"], [], ["{}", "NULL"]),
        Lists("list_double", new(TransferKind.Double), [1.5, double.NaN, null]),
        Lists("list_bool", new(TransferKind.Boolean), [true, false, null]),
        Lists("list_timestamptz", new(TransferKind.TimestampTz), [0L, null, long.MaxValue]),
        Lists("list_uuid", new(TransferKind.Uuid), [Guid.Empty, null]),
        Lists("list_date", new(TransferKind.Date), [0, null, 19_782]),
    ];

    public override string ToString() => Name;

    private static EdgeValues Of(string name, TransferType type, params object[] values) =>
        new(new TransferColumn(name, type, name), [.. values]);

    private static EdgeValues Decimals(int precision, int scale, params Int128[] values) =>
        Of(
            $"decimal_{precision}_{scale}",
            new(TransferKind.Decimal) { Precision = precision, Scale = scale },
            [.. values.Cast<object>()]
        );

    private static EdgeValues Lists(string name, TransferType element, params object?[][] values) =>
        Of(name, new(TransferKind.List) { Element = element }, [.. values.Cast<object>()]);
}
