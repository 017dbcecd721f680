using System.Diagnostics;
using System.Globalization;

namespace Strata.Bench.Transfers;

/// <summary>
/// Ways to do the same, timed in turns; the first is what the others are compared with. Beside the time stands this
/// process's own processor time, which other work on the machine changes little.
/// </summary>
internal sealed class Turns(long rows)
{
    private readonly List<(string Way, List<double> Seconds, List<double> Processor)> _ways = [];

    public async Task TimeAsync(string way, Func<Task> run)
    {
        var known = _ways.Find(other => other.Way == way);
        if (known.Way is null)
            _ways.Add(known = (way, [], []));
        var processor = Processor();
        var start = Stopwatch.GetTimestamp();
        await run();
        known.Seconds.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
        known.Processor.Add(Processor() - processor);
    }

    public void Report(TextWriter output)
    {
        var least = Median(_ways[0].Seconds);
        foreach (var (way, times, processor) in _ways)
        {
            var seconds = Median(times);
            output.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{way, -24} {seconds, 7:0.00} s  {rows / seconds / 1000, 6:0} k rows/s  {seconds / least:0.00}x  "
                        + $"{Median(processor) / rows * 1e6:0.00} s of processor per 1M rows"
                )
            );
        }
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private static double Processor()
    {
        using var process = Process.GetCurrentProcess();
        return process.TotalProcessorTime.TotalSeconds;
    }
}
