using System.Collections.Immutable;

namespace Strata.Runner.Proving;

/// <summary>One row of one input, by their numbers.</summary>
internal readonly record struct Delivery(int Input, int Row);

/// <summary>Rows in the batches that they come in.</summary>
internal sealed record Schedule(ScheduleKind Kind, ImmutableArray<ImmutableArray<Delivery>> Batches)
{
    public string Name => ScheduleWords.Of(Kind);

    public bool Repeats =>
        Batches.Sum(batch => batch.Length) > Batches.SelectMany(batch => batch).Distinct().Count();

    /// <summary>Every row once, in one batch.</summary>
    public Schedule AtOnce() =>
        new(
            ScheduleKind.AtOnce,
            [
                [.. Batches.SelectMany(batch => batch).Distinct()],
            ]
        );
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
            _ => throw new ArgumentOutOfRangeException(nameof(kind)),
        };
}
