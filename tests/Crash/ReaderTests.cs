using Xunit.Abstractions;

namespace Strata.Crash;

/// <summary>
/// Readers on Postgres while builds publish one after the other: the gold tables hold the same orders at every
/// instant. DuckDB has no such readers: its file belongs to the process that writes.
/// </summary>
[Trait("Engine", "postgres")]
public sealed class ReaderTests(ITestOutputHelper output)
{
    // without it four readers would take the processor away from the builds
    private static readonly TimeSpan BetweenReads = TimeSpan.FromMilliseconds(5);

    [PostgresFact]
    public async Task Build_WhileOthersRead_ShowsEveryReaderOneRun()
    {
        using var project = await Unharmed.AcrossEngines.CopyAsync();
        using var over = new CancellationTokenSource();
        var seen = new HashSet<string>();
        var readers = Enumerable
            .Range(0, 4)
            .Select(i => Task.Run(() => Read(project, oneStatement: i % 2 == 0, seen, over.Token)))
            .ToArray();
        try
        {
            for (var i = 0; i < (CrashFigures.IsExhaustive ? 25 : 2); i++)
            {
                project.Land();
                await project.BuildWellAsync();
            }
        }
        finally
        {
            await over.CancelAsync();
        }
        var reads = (await Task.WhenAll(readers)).Sum();
        output.WriteLine($"{reads} reads, {seen.Count} states");
        reads.ShouldBeGreaterThan(100);
        seen.Count.ShouldBeGreaterThan(1, "states that readers saw");
        CrashFigures.Add(reads: reads);
    }

    private static int Read(
        CrashProject project,
        bool oneStatement,
        HashSet<string> seen,
        CancellationToken over
    )
    {
        using var connection = project.OpenPostgres();
        var reads = 0;
        while (!over.IsCancellationRequested)
        {
            var state = oneStatement
                ? GoldInvariant.Check(connection)
                : GoldInvariant.CheckInTransaction(connection);
            lock (seen)
                seen.Add(state);
            reads++;
            over.WaitHandle.WaitOne(BetweenReads);
        }
        return reads;
    }
}
