namespace Strata.Adapters.Postgres;

/// <summary>Numbers of built-in types in pg_type, the same on every server.</summary>
internal static class TypeOids
{
    public const uint Boolean = 16;
    public const uint Bytea = 17;
    public const uint Name = 19;
    public const uint Int8 = 20;
    public const uint Int2 = 21;
    public const uint Int4 = 23;
    public const uint Text = 25;
    public const uint Oid = 26;
    public const uint Json = 114;
    public const uint Float4 = 700;
    public const uint Float8 = 701;
    public const uint Bpchar = 1042;
    public const uint Varchar = 1043;
    public const uint Date = 1082;
    public const uint Time = 1083;
    public const uint Timestamp = 1114;
    public const uint TimestampTz = 1184;
    public const uint Interval = 1186;
    public const uint TimeTz = 1266;
    public const uint Bit = 1560;
    public const uint VarBit = 1562;
    public const uint Numeric = 1700;
    public const uint Uuid = 2950;
    public const uint Jsonb = 3802;

    /// <summary>From this number on, types are made by users and extensions.</summary>
    public const uint FirstOfUsers = 16_384;

    private static readonly Dictionary<uint, uint> Elements = new()
    {
        [199] = Json,
        [1000] = Boolean,
        [1001] = Bytea,
        [1003] = Name,
        [1005] = Int2,
        [1007] = Int4,
        [1009] = Text,
        [1014] = Bpchar,
        [1015] = Varchar,
        [1016] = Int8,
        [1021] = Float4,
        [1022] = Float8,
        [1115] = Timestamp,
        [1182] = Date,
        [1183] = Time,
        [1185] = TimestampTz,
        [1187] = Interval,
        [1231] = Numeric,
        [1270] = TimeTz,
        [1561] = Bit,
        [1563] = VarBit,
        [2951] = Uuid,
        [3807] = Jsonb,
    };

    /// <summary>The element type of an array type; null for any other type.</summary>
    public static uint? ElementOf(uint oid) => Elements.TryGetValue(oid, out var element) ? element : null;
}
