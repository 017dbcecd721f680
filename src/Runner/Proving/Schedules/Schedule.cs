using System.Collections.Immutable;

namespace Strata.Runner.Proving.Schedules;

/// <summary>What happens to one row of one input, by their numbers.</summary>
internal readonly record struct Delivery(int Input, int Row, RowChange Change = RowChange.Arrives);

/// <summary>What a delivery does to a row.</summary>
public enum RowChange
{
    Arrives,

    /// <summary>The row gets what another row of the input holds, its key excepted.</summary>
    Replaced,

    Deleted,
}

/// <summary>Rows in the batches that they come in.</summary>
internal sealed record Schedule(ScheduleKind Kind, ImmutableArray<ImmutableArray<Delivery>> Batches)
{
    public string Name => ScheduleWords.Of(Kind);

    /// <summary>By batch, when the run that takes it in begins; empty where that does not matter.</summary>
    public ImmutableArray<DateTimeOffset> Clocks { get; init; } = [];

    public bool Repeats =>
        Batches.Sum(batch => batch.Length) > Batches.SelectMany(batch => batch).Distinct().Count();

    public DateTimeOffset? ClockOf(int batch) => Clocks.IsEmpty ? null : Clocks[batch];

    /// <summary>Every row once, in one batch.</summary>
    public Schedule AtOnce() =>
        new(
            ScheduleKind.AtOnce,
            [
                [.. Batches.SelectMany(batch => batch).Distinct()],
            ]
        )
        {
            Clocks = Clocks.IsEmpty ? [] : [Clocks[^1]],
        };

    /// <summary>The same rows, some batches in a row made one; it is taken in when the last of them was.</summary>
    public Schedule Join(int from, int to) =>
        from == to
            ? this
            : this with
            {
                Batches = Batches
                    .RemoveRange(from, to - from + 1)
                    .Insert(from, [.. Batches[from..(to + 1)].SelectMany(batch => batch)]),
                Clocks = Clocks.IsEmpty ? [] : Clocks.RemoveRange(from, to - from),
            };
}

internal enum ScheduleKind
{
    AtOnce,
    InOrder,
    EmptyBatch,
    Shuffled,
    Late,
    Twice,
    RowByRow,
    Replaced,
    Deleted,
    PeriodByPeriod,
}

internal static class ScheduleWords
{
    public static string Of(ScheduleKind kind) =>
        kind switch
        {
            ScheduleKind.AtOnce => "all at once",
            ScheduleKind.InOrder => "split in order",
            ScheduleKind.EmptyBatch => "an empty batch between",
            ScheduleKind.Shuffled => "shuffled",
            ScheduleKind.Late => "late rows",
            ScheduleKind.Twice => "a batch twice",
            ScheduleKind.RowByRow => "row by row",
            ScheduleKind.Replaced => "rows replaced",
            ScheduleKind.Deleted => "rows deleted",
            ScheduleKind.PeriodByPeriod => "period by period",
            _ => throw new ArgumentOutOfRangeException(nameof(kind)),
        };
}
