namespace Strata.Simulators.Events;

/// <summary>Makes any event of any day by itself: nothing is remembered, so a day lands the same alone or with others.</summary>
internal sealed class EventGenerator(SimulatorOptions options)
{
    private const int LongestDelayInDays = 5;
    private const double MobileWithOffset = 0.1;

    private static readonly (string Value, double Weight)[] EventTypes =
    [
        ("click", 0.62),
        ("login", 0.20),
        ("purchase", 0.11),
        ("logout", 0.07),
    ];

    private static readonly (string Value, double Weight)[] VisitedPages =
    [
        ("/products", 0.34),
        ("/home", 0.28),
        ("/search", 0.14),
        ("/cart", 0.10),
        ("/deals", 0.08),
        ("/account", 0.06),
    ];

    private static readonly (string Value, double Weight)[] PurchasePages =
    [
        ("/checkout", 0.70),
        ("/cart", 0.15),
        ("/products", 0.10),
        ("/deals", 0.05),
    ];

    private readonly DailyVolume _volume = new(options);
    private readonly Population _population = new(options.Seed);

    public int EventsOn(int day) => _volume.EventsOn(day);

    public DateOnly DateOf(int day) => options.Start.AddDays(day - 1);

    /// <param name="index">From 0; events of one day arrive in the order of their index.</param>
    /// <param name="events">How many events the day has.</param>
    public SimulatedEvent Create(int day, int index, int events)
    {
        var random = new SeededRandom(options.Seed, day, index);
        var arrival =
            DateOf(day).ToDateTime(TimeOnly.MinValue) + TimeOfDay((index + random.NextFraction()) / events);
        // nothing is older than the period: the clients that would send it did not exist
        var longestDelay = Math.Min(LongestDelayInDays, day - 1);
        var happened =
            random.NextChance(FlawRates.Late) && longestDelay > 0
                ? arrival.AddDays(-1 - random.NextBelow(longestDelay))
                : arrival;
        var user = _population.PickUser(day, ref random);
        var type = Pick(EventTypes, ref random);
        var page = type switch
        {
            "purchase" => Pick(PurchasePages, ref random),
            "login" or "logout" => "/account",
            _ => Pick(VisitedPages, ref random),
        };
        var onMobile = random.NextChance(user % 5 < 2 ? 0.9 : 0.1);
        var offset = onMobile && random.NextChance(MobileWithOffset) ? random.NextBelow(9) - 4 : 0;
        return new SimulatedEvent(
            NextGuid(ref random),
            user,
            type,
            page,
            onMobile ? "mobile" : "web",
            arrival,
            happened,
            offset,
            PickFlaw(ref random),
            random.NextBits()
        );
    }

    /// <summary>Hours of the day by how busy they are: the inverse of a distribution with its peak in the evening.</summary>
    private static TimeSpan TimeOfDay(double quantile)
    {
        const double quietShare = 0.12; // midnight to six
        const double dayShare = 0.48; // six to six in the evening
        var hours =
            quantile < quietShare ? 6 * (quantile / quietShare)
            : quantile < quietShare + dayShare ? 6 + 12 * ((quantile - quietShare) / dayShare)
            : 18 + 6 * ((quantile - quietShare - dayShare) / (1 - quietShare - dayShare));
        return TimeSpan.FromMilliseconds(Math.Min(Math.Floor(hours * 3_600_000), 86_399_999));
    }

    private static Flaw PickFlaw(ref SeededRandom random)
    {
        var roll = random.NextFraction();
        foreach (
            var (flaw, rate) in (ReadOnlySpan<(Flaw, double)>)
                [
                    (Flaw.Truncated, FlawRates.Truncated),
                    (Flaw.Garbage, FlawRates.Garbage),
                    (Flaw.UnknownType, FlawRates.UnknownType),
                    (Flaw.MissingUser, FlawRates.MissingUser),
                    (Flaw.BadTimestamp, FlawRates.BadTimestamp),
                ]
        )
        {
            if (roll < rate)
                return flaw;
            roll -= rate;
        }
        return Flaw.None;
    }

    private static string Pick((string Value, double Weight)[] choices, ref SeededRandom random)
    {
        var roll = random.NextFraction();
        foreach (var (value, weight) in choices)
        {
            if (roll < weight)
                return value;
            roll -= weight;
        }
        return choices[^1].Value;
    }

    private static Guid NextGuid(ref SeededRandom random)
    {
        Span<byte> bytes = stackalloc byte[16];
        BitConverter.TryWriteBytes(bytes, random.NextBits());
        BitConverter.TryWriteBytes(bytes[8..], random.NextBits());
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x40); // version 4
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80); // variant of RFC 9562
        return new Guid(bytes, bigEndian: true);
    }
}
