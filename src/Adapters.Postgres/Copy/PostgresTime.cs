namespace Strata.Adapters.Postgres.Copy;

/// <summary>
/// Dates and timestamps count from 2000 in Postgres and from 1970 in transit, and mark their infinities
/// differently at the lower end.
/// </summary>
internal static class PostgresTime
{
    private const int EpochDays = 10_957;
    private const long EpochMicros = EpochDays * 86_400_000_000L;

    // what date_recv and timestamp_recv accept
    private const int FirstDay = -2_451_545;
    private const int LastDay = 2_145_031_948;
    private const long FirstMicros = -211_813_488_000_000_000;

    public static int FromDays(int sinceUnix)
    {
        if (sinceUnix is int.MaxValue)
            return int.MaxValue;
        if (sinceUnix is -int.MaxValue)
            return int.MinValue;
        var days = (long)sinceUnix - EpochDays;
        return days is >= FirstDay and <= LastDay
            ? (int)days
            : throw new UnstorableValueException("a date before 4713 BC or after 5874897 AD");
    }

    public static int ToDays(int sincePostgres) =>
        sincePostgres switch
        {
            int.MaxValue => int.MaxValue,
            int.MinValue => -int.MaxValue,
            _ => sincePostgres + EpochDays,
        };

    public static long FromMicros(long sinceUnix)
    {
        if (sinceUnix is long.MaxValue)
            return long.MaxValue;
        if (sinceUnix is -long.MaxValue)
            return long.MinValue;
        return sinceUnix is >= FirstMicros + EpochMicros and <= long.MaxValue - 1
            ? sinceUnix - EpochMicros
            : throw new UnstorableValueException("a timestamp before 4713 BC");
    }

    public static long ToMicros(long sincePostgres) =>
        sincePostgres switch
        {
            long.MaxValue => long.MaxValue,
            long.MinValue => -long.MaxValue,
            // the last decades of Postgres's calendar are beyond 64 bits from 1970
            > long.MaxValue - 1 - EpochMicros => throw new UnstorableValueException(
                "a timestamp after 294246 AD"
            ),
            _ => sincePostgres + EpochMicros,
        };
}
