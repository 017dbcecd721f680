using System.Collections.Immutable;
using Strata.Adapters.DuckDb;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;
using Strata.Compiler.Sql;

namespace Strata.Cli.Tests;

/// <summary><c>--wait</c>, with a run of which only the lock is there.</summary>
public sealed class LockWaitTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public LockWaitTests()
    {
        _folder.Write("strata.yml", "name: shop\nlayers:\n  gold: { engine: duckdb, schema: gold }\n");
        _folder.Write(
            "profiles.yml",
            "default: dev\ntargets:\n  dev:\n    duckdb: { type: duckdb, path: shop.duckdb, threads: 1 }\n"
        );
        _folder.Write("models/gold/one.sql", "select '{{ run_started_at }}' as started");
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Build_OtherRunEnds_BeginsAnew_AndSaysOnceWhomItWaitedFor()
    {
        var other = DuckDbAdapter.Create(
            new ConnectionConfig(
                "other",
                EngineType.DuckDb,
                ImmutableSortedDictionary<string, string>
                    .Empty.Add("path", "shop.duckdb")
                    .Add("threads", "1"),
                [],
                default
            ),
            _folder.Path,
            new DiagnosticBag()
        )!;
        await using var _ = other;
        var held = await other.TryLockStateAsync("the-first-run", CancellationToken.None);
        await using var words = new StringWriter();
        await using var error = TextWriter.Synchronized(words);
        var host = new CliHost
        {
            Out = TextWriter.Null,
            Error = error,
            Environment = new Dictionary<string, string> { ["STRATA_WAIT"] = "10m" },
            WorkingDirectory = _folder.Path,
        };

        var build = Program.RunAsync(["build"], host);
        while (!Said().Contains("waiting", StringComparison.Ordinal) && !build.IsCompleted)
            await Task.Delay(20);
        // long enough for a second look, and for another second to be the start
        await Task.Delay(1500);
        build.IsCompleted.ShouldBeFalse(Said());
        var freed = DateTimeOffset.UtcNow;
        await held!.DisposeAsync();

        (await build).ShouldBe(0, Said());
        Said()
            .ShouldBe(
                "another run is writing to connection 'duckdb', waiting 10m at most: run the-first-run of this process\n"
            );
        await using var session = await other.OpenSessionAsync(CancellationToken.None);
        var rows = await session.QueryAsync("select started from gold.one", 1, CancellationToken.None);
        DateTimeOffset
            .Parse((string)rows.Scalar!, System.Globalization.CultureInfo.InvariantCulture)
            .ShouldBeGreaterThan(freed.AddSeconds(-1), "it is compiled again");

        string Said()
        {
            lock (error)
                return words.ToString();
        }
    }
}
