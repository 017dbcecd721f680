using System.Collections.Immutable;
using Strata.Compiler.Manifest.Models;

namespace Strata.Runner.Microbatches;

/// <summary>
/// Which batches a run builds. What <c>begin</c> promises is owed: a period that was never published, or failed the
/// last time, is built however long ago it was. When inputs have moved, the current period and as many before
/// it as <c>lookback</c> says are built again, and so is every older period that was last built before its own
/// lookback had passed: days without a run leave no gap. Where inputs have change feeds, every period that rows arrived in is
/// built again, however long ago it was.
/// </summary>
public sealed class BatchSelection
{
    private readonly MicrobatchConfig _config;
    private readonly Dictionary<DateTimeOffset, BatchRecord> _exact = [];
    private readonly ImmutableArray<BatchRecord> _others;
    private readonly DateTimeOffset _lastEnd = DateTimeOffset.MinValue;
    private readonly Arrivals _arrivals;

    private BatchSelection(MicrobatchConfig config, IEnumerable<BatchRecord> records, Arrivals arrivals)
    {
        _config = config;
        _arrivals = arrivals;
        var others = ImmutableArray.CreateBuilder<BatchRecord>();
        foreach (var record in records.OrderBy(record => record.RunId, StringComparer.Ordinal))
        {
            if (record is not { Start: { } start, End: { } end })
                continue;
            _lastEnd = end > _lastEnd ? end : _lastEnd;
            if (record.Size == config.Size)
                _exact[start] = record;
            else
                others.Add(record);
        }
        _others = others.ToImmutable();
    }

    /// <summary>Every batch from the beginning to now.</summary>
    public static ImmutableArray<PlannedBatch> All(MicrobatchConfig config, DateTimeOffset now) =>
        [
            .. Periods(config, now)
                .DefaultIfEmpty(FirstOf(config))
                .Select(period => new PlannedBatch(period, "new")),
        ];

    /// <summary>The batches that a range of event times touches.</summary>
    public static ImmutableArray<PlannedBatch> Asked(MicrobatchConfig config, EventTimeRange range) =>
        [
            .. Calendar
                .Periods(
                    config.Size,
                    Calendar.Floor(config.Size, range.Start),
                    Calendar.Ceiling(config.Size, range.End)
                )
                .Select(period => new PlannedBatch(period, "asked for")),
        ];

    /// <summary>What must be built in any case, and with it what must be if inputs have moved; in order of time.</summary>
    public static (ImmutableArray<PlannedBatch> Owed, ImmutableArray<PlannedBatch> IfMoved) Due(
        MicrobatchConfig config,
        DateTimeOffset now,
        IEnumerable<BatchRecord> records,
        Arrivals arrivals
    )
    {
        var selection = new BatchSelection(config, records, arrivals);
        var owed = ImmutableArray.CreateBuilder<PlannedBatch>();
        var moved = ImmutableArray.CreateBuilder<PlannedBatch>();
        var end = Calendar.Ceiling(config.Size, now);
        var window = Calendar.Add(config.Size, end, -(config.Lookback + 1));
        foreach (var period in Periods(config, now))
        {
            var (why, isOwed) = selection.Judge(period, window);
            if (why is null)
                continue;
            var batch = new PlannedBatch(period, why);
            moved.Add(batch);
            if (isOwed)
                owed.Add(batch);
        }
        return (owed.ToImmutable(), moved.ToImmutable());
    }

    /// <summary>Batches that are due anyway, and those in whose periods something has arrived; in order of time.</summary>
    public static ImmutableArray<PlannedBatch> Add(
        MicrobatchConfig config,
        DateTimeOffset now,
        ImmutableArray<PlannedBatch> due,
        Arrivals arrivals
    )
    {
        if (arrivals == Arrivals.None)
            return due;
        var known = due.Select(batch => batch.Period.Start).ToHashSet();
        return
        [
            .. due.Concat(
                    Periods(config, now)
                        .Where(period => !known.Contains(period.Start))
                        .Select(period =>
                            period.Start is { } start && arrivals.WhyBuild(start) is { } why
                                ? new PlannedBatch(period, why)
                                : null
                        )
                        .OfType<PlannedBatch>()
                )
                .OrderBy(batch => batch.Period.Start),
        ];
    }

    private (string? Why, bool IsOwed) Judge(BatchPeriod period, DateTimeOffset window)
    {
        if (period is not { Start: { } start, End: { } end })
            return (null, false);
        var record = _exact.GetValueOrDefault(start);
        var others = _others.Where(other => other.Start < end && other.End > start).ToList();
        var newest = others
            .Append(record)
            .OfType<BatchRecord>()
            .MaxBy(known => known.RunId, StringComparer.Ordinal);
        if (newest is { IsPublished: false })
            return ("failed", true);
        if (record is null && !AreCovering(others, start, end))
            return (start >= _lastEnd ? "new" : "missing", true);
        if (_arrivals.WhyBuild(start) is { } why)
            return (why, false);
        if (start >= window)
            return ("lookback", false);
        var isSettled = record is not null
            ? IsSettled(record, end)
            : others.All(other => !other.IsPublished || IsSettled(other, end));
        return isSettled ? (null, false) : ("lookback", false);
    }

    /// <summary>
    /// Whether the rows of a period that ends then were looked at, as far as the batch holds them, until lookback had passed: that of the
    /// period, or of the batch if it is the smaller one.
    /// </summary>
    private bool IsSettled(BatchRecord record, DateTimeOffset end)
    {
        var (size, last) =
            record.Size < _config.Size && record.End is { } its ? (record.Size, its) : (_config.Size, end);
        return record.KnownUntil >= Calendar.Add(size, last, _config.Lookback);
    }

    /// <summary>
    /// Whether batches of another size, from before batch_size changed, cover all of a period. A batch that was built before the period began
    /// knows nothing of it.
    /// </summary>
    private static bool AreCovering(IEnumerable<BatchRecord> others, DateTimeOffset start, DateTimeOffset end)
    {
        var reached = start;
        foreach (
            var other in others
                .Where(other => other.IsPublished && other.KnownUntil > start)
                .OrderBy(other => other.Start)
        )
        {
            if (other.Start <= reached && other.End > reached)
                reached = other.End ?? reached;
        }
        return reached >= end;
    }

    private static IEnumerable<BatchPeriod> Periods(MicrobatchConfig config, DateTimeOffset now) =>
        Calendar.Periods(
            config.Size,
            Calendar.Floor(config.Size, config.Begin),
            Calendar.Ceiling(config.Size, now)
        );

    // a model that begins in the future has a relation all the same
    private static BatchPeriod FirstOf(MicrobatchConfig config) =>
        BatchPeriod.StartingAt(config.Size, Calendar.Floor(config.Size, config.Begin));
}
