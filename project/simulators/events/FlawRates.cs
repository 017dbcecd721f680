namespace Strata.Simulators.Events;

/// <summary>How often what goes wrong. Shares of the events of a day; project/simulators/README.md tells the story of each.</summary>
public static class FlawRates
{
    /// <summary>A line that ends in the middle.</summary>
    public const double Truncated = 0.0015;

    /// <summary>A line that never was JSON.</summary>
    public const double Garbage = 0.0015;

    /// <summary>An event type that nobody agreed on.</summary>
    public const double UnknownType = 0.0015;

    /// <summary>No user.</summary>
    public const double MissingUser = 0.0015;

    /// <summary>A timestamp that is none.</summary>
    public const double BadTimestamp = 0.001;

    /// <summary>An event that happened one to five days before the day of the folder that it lands in.</summary>
    public const double Late = 0.02;

    /// <summary>An event of the same day that is sent a second time, byte for byte.</summary>
    public const double SameDayDuplicate = 0.01;

    /// <summary>An event of the day before that is sent again.</summary>
    public const double NextDayDuplicate = 0.005;

    /// <summary>The part of the next-day duplicates which the client stamps with the time of the second attempt.</summary>
    public const double Restamped = 0.25;
}
