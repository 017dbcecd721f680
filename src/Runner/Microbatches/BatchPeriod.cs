using System.Globalization;
using Strata.Compiler.Manifest.Models;

namespace Strata.Runner.Microbatches;

/// <summary>What one batch covers: from an instant up to, and without, another; or the rows that have no event time.</summary>
public sealed record BatchPeriod
{
    private BatchPeriod(BatchSize size, DateTimeOffset? start, DateTimeOffset? end)
    {
        Size = size;
        Start = start;
        End = end;
    }

    public BatchSize Size { get; }

    /// <summary>Null for the rows without event time.</summary>
    public DateTimeOffset? Start { get; }

    public DateTimeOffset? End { get; }

    public bool IsWithoutTime => Start is null;

    public static BatchPeriod WithoutTime(BatchSize size) => new(size, null, null);

    public static BatchPeriod StartingAt(BatchSize size, DateTimeOffset start) =>
        new(size, start, Calendar.Add(size, start, 1));

    /// <summary>As people write it: <c>2026-11-03</c>, <c>2026-11-03 06:00</c>, <c>2026-11</c>.</summary>
    public override string ToString() => Start is { } start ? Text(Size, start) : "without event time";

    private static string Text(BatchSize size, DateTimeOffset start) =>
        start.ToString(
            size switch
            {
                BatchSize.Hour => "yyyy-MM-dd HH:mm",
                BatchSize.Day => "yyyy-MM-dd",
                BatchSize.Month => "yyyy-MM",
                BatchSize.Year => "yyyy",
                _ => throw new ArgumentOutOfRangeException(nameof(size)),
            },
            CultureInfo.InvariantCulture
        );
}
