using System.Collections.Immutable;

namespace Strata.Runner.Proving.Schedules;

/// <summary>
/// Makes the schedules of a proof out of how many rows there are. Pure: the same seed gives the same schedules.
/// </summary>
/// <param name="before">Rows that are there before the first batch.</param>
/// <param name="can">Whether that can happen to that row.</param>
internal sealed class ScheduleMaker(
    ImmutableArray<Delivery> before,
    ImmutableArray<Delivery> arriving,
    Func<int, bool> canRepeat,
    Func<Delivery, bool> can,
    int seed
)
{
    private const int MostSingleRows = 6;
    private const int ChangesAlone = 2;

    private static readonly ImmutableArray<ScheduleKind> Kinds =
    [
        ScheduleKind.InOrder,
        ScheduleKind.Late,
        ScheduleKind.Shuffled,
        ScheduleKind.Twice,
        ScheduleKind.Replaced,
        ScheduleKind.Deleted,
        ScheduleKind.EmptyBatch,
        ScheduleKind.RowByRow,
    ];

    private static readonly ImmutableArray<ScheduleKind> ByChance =
    [
        ScheduleKind.Late,
        ScheduleKind.Shuffled,
        ScheduleKind.RowByRow,
        ScheduleKind.Replaced,
        ScheduleKind.Deleted,
    ];

    /// <summary>One of each kind; beyond that, those that chance has a part in, again.</summary>
    /// <param name="count">Null for one of each kind.</param>
    public IEnumerable<Schedule> Make(int? count)
    {
        var due = Kinds.RemoveAll(kind => !IsPossible(kind));
        var again = ByChance.RemoveAll(kind => !IsPossible(kind));
        for (var i = 0; i < (count ?? due.Length); i++)
        {
            var kind = i < due.Length ? due[i] : again[(i - due.Length) % again.Length];
            var batches = Batches(kind, new Random(unchecked((seed * 397) ^ i)));
            yield return new Schedule(kind, batches.SetItem(0, before.AddRange(batches[0])));
        }
    }

    private bool IsPossible(ScheduleKind kind) =>
        kind switch
        {
            ScheduleKind.Twice => arriving.Any(one => canRepeat(one.Input)),
            ScheduleKind.Replaced => arriving.Any(one => can(one with { Change = RowChange.Replaced })),
            ScheduleKind.Deleted => arriving.Any(one => can(one with { Change = RowChange.Deleted })),
            _ => true,
        };

    private ImmutableArray<ImmutableArray<Delivery>> Batches(ScheduleKind kind, Random random)
    {
        switch (kind)
        {
            case ScheduleKind.InOrder:
                return Split(arriving, 3);
            case ScheduleKind.EmptyBatch:
                return Split(arriving, 2).Insert(1, []);
            case ScheduleKind.Shuffled:
                return Split(Shuffled(random), 3);
            case ScheduleKind.Late:
                return Late(random);
            case ScheduleKind.Twice:
                var parts = Split(arriving, 2);
                return parts.Add([.. parts[0].Where(one => canRepeat(one.Input))]);
            case ScheduleKind.RowByRow:
                return [.. Some(random).Select(one => ImmutableArray.Create(one))];
            case ScheduleKind.Replaced:
                var halves = Split(arriving, 2);
                return
                [
                    halves[0],
                    [.. Changed(random, halves[0], RowChange.Replaced), .. halves[^1]],
                    Changed(random, arriving, RowChange.Replaced),
                    .. Alone(random, RowChange.Replaced),
                ];
            case ScheduleKind.Deleted:
                var gone = Changed(random, arriving, RowChange.Deleted);
                // some of them come again
                var back = gone.Where((_, i) => i % 2 == 1)
                    .Select(one => one with { Change = RowChange.Arrives });
                return [arriving, gone, [.. back], .. Alone(random, RowChange.Deleted)];
            default:
                throw new ArgumentOutOfRangeException(nameof(kind));
        }
    }

    /// <summary>
    /// Batches of one row that changes and nothing else: a batch of many hides what becomes of the place that a row leaves,
    /// since other rows of it change, too.
    /// </summary>
    private IEnumerable<ImmutableArray<Delivery>> Alone(Random random, RowChange change)
    {
        var possible = arriving.Select(one => one with { Change = change }).Where(can).ToArray();
        random.Shuffle(possible);
        return possible.Take(ChangesAlone).Select(one => ImmutableArray.Create(one));
    }

    /// <summary>One row in three of those to which it can happen, and at least one.</summary>
    private ImmutableArray<Delivery> Changed(Random random, ImmutableArray<Delivery> rows, RowChange change)
    {
        var possible = rows.Select(one => one with { Change = change }).Where(can).ToArray();
        random.Shuffle(possible);
        return [.. possible.Take((possible.Length + 2) / 3)];
    }

    private ImmutableArray<Delivery> Shuffled(Random random)
    {
        var rows = arriving.ToArray();
        random.Shuffle(rows);
        return [.. rows];
    }

    /// <summary>One row in six of a batch comes with a later one.</summary>
    private ImmutableArray<ImmutableArray<Delivery>> Late(Random random)
    {
        var parts = Split(arriving, 3).Select(part => part.ToList()).ToList();
        for (var i = 0; i < parts.Count - 1; i++)
        {
            var late = parts[i].Where(_ => random.Next(6) == 0).ToList();
            if (late.Count == 0 && parts[i].Count > 1)
                late.Add(parts[i][random.Next(parts[i].Count)]);
            foreach (var one in late)
            {
                parts[i].Remove(one);
                parts[random.Next(i + 1, parts.Count)].Add(one);
            }
        }
        return [.. parts.Select(part => part.ToImmutableArray())];
    }

    private IEnumerable<Delivery> Some(Random random) =>
        arriving.Length <= MostSingleRows
            ? arriving
            : Shuffled(random).Take(MostSingleRows).OrderBy(one => arriving.IndexOf(one));

    private static ImmutableArray<ImmutableArray<Delivery>> Split(ImmutableArray<Delivery> rows, int parts)
    {
        parts = Math.Min(parts, rows.Length);
        return
        [
            .. Enumerable
                .Range(0, parts)
                .Select(i =>
                {
                    var (from, to) = (i * rows.Length / parts, (i + 1) * rows.Length / parts);
                    return rows[from..to];
                }),
        ];
    }
}
