namespace Strata.Runner.Files.Reading;

internal enum ScanKind
{
    /// <summary>More text is needed to tell.</summary>
    More,

    Record,

    /// <summary>Something that is no record: a blank line, a comment.</summary>
    Nothing,

    End,
}

/// <summary>What stands at the beginning of a text.</summary>
/// <param name="Length">Characters of the record.</param>
/// <param name="Consumed">The same with its end.</param>
/// <param name="Lines">Line ends in <paramref name="Consumed"/>.</param>
internal readonly record struct Scan(ScanKind Kind, int Length, int Consumed, long Lines)
{
    public static readonly Scan More = new(ScanKind.More, 0, 0, 0);

    public static readonly Scan End = new(ScanKind.End, 0, 0, 0);

    public string? Problem { get; init; }

    public static Scan Record(int length, int consumed, long lines) =>
        new(ScanKind.Record, length, consumed, lines);

    public static Scan Nothing(int consumed, long lines) => new(ScanKind.Nothing, 0, consumed, lines);
}
