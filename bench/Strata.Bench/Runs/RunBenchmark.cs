using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Strata.Adapters.DuckDb;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;
using Strata.Compiler.Project;
using Strata.Compiler.Sql;
using Strata.Compiler.Text;
using Strata.Runner.Adapters;
using Strata.Runner.Events;
using Strata.Runner.Execution;
using Strata.Runner.Planning;
using Strata.Runner.Results;
using Strata.Runner.Tests.Support;
using Strata.Testing;
using Strata.Tests.Engine.Catalog;

namespace Strata.Bench.Runs;

/// <summary>
/// Many models of one row on a DuckDB file: the run, from the opening of the file until it is closed, in turns with the very statements that such
/// a run sends, in one bare loop on a file of its own. First into an empty file, then with nothing to do, then all of it again.
/// </summary>
internal sealed partial class RunBenchmark(string name, int models, int rounds) : IBenchmark, IRunObserver
{
    private const double Budget = 1.15;
    private const string FirstBuild = "first build";
    private const string Nothing = "nothing to do";
    private const string Refresh = "full refresh";

    private readonly Dictionary<(string What, string Way), List<(double Seconds, double Processor)>> _times =
    [];
    private int _runs;

    public string Name => name;

    public void Run(TextWriter output) => RunAsync(output).GetAwaiter().GetResult();

    public void OnEvent(RunEvent runEvent) { }

    private async Task RunAsync(TextWriter output)
    {
        using var folder = new TemporaryFolder();
        var manifest = Compile(folder);
        var (first, again) = (new Recorder(), new Recorder());
        await StrataAsync(folder, "recorded.duckdb", manifest, false, first);
        await StrataAsync(folder, "recorded.duckdb", manifest, true, again);

        for (var round = 0; round < rounds; round++)
        {
            var (ours, bare, naive) = ($"ours{round}.duckdb", $"bare{round}.duckdb", $"naive{round}.duckdb");
            await TimeAsync(FirstBuild, "strata", () => StrataAsync(folder, ours, manifest, false));
            Time(FirstBuild, "bare loop", () => Loop(folder, bare, first));
            Time(FirstBuild, "create table as only", () => Naive(folder, naive));
            await TimeAsync(Nothing, "strata", () => StrataAsync(folder, ours, manifest, false));
            await TimeAsync(Refresh, "strata", () => StrataAsync(folder, ours, manifest, true));
            Time(Refresh, "bare loop", () => Loop(folder, bare, again));
            Check(folder, ours);
            Check(folder, bare);
        }
        Report(output);
        Statements(output, FirstBuild, first);
        Statements(output, Refresh, again);
    }

    private ProjectManifest Compile(TemporaryFolder folder)
    {
        folder.Write(
            "strata.yml",
            "name: bench\nlayers:\n  work: { engine: duckdb, schema: work, materialized: table }\n"
        );
        folder.Write(
            "profiles.yml",
            "default: local\ntargets:\n  local:\n    duckdb: { type: duckdb, path: unused.duckdb }\n"
        );
        for (var i = 0; i < models; i++)
            folder.Write(
                string.Create(CultureInfo.InvariantCulture, $"models/work/m_{i}.sql"),
                string.Create(CultureInfo.InvariantCulture, $"select {i} as id, 'x' as name\n")
            );
        var result = ProjectCompiler.Compile(
            new CompileRequest
            {
                ProjectFolder = folder.Path,
                RunStartedAt = DateTimeOffset.UnixEpoch,
                Tests = ExpectationCatalog.Instance,
            }
        );
        return result.Manifest ?? throw Failed(result.Diagnostics);
    }

    private async Task StrataAsync(
        TemporaryFolder folder,
        string file,
        ProjectManifest manifest,
        bool fullRefresh,
        Recorder? recorder = null
    )
    {
        var diagnostics = new DiagnosticBag();
        var config = new ConnectionConfig(
            "duckdb",
            EngineType.DuckDb,
            ImmutableSortedDictionary<string, string>.Empty.Add("path", file),
            [],
            new SourceText("profiles.yml", "bench").Span(0, 5)
        );
        await using var adapter =
            DuckDbAdapter.Create(config, folder.Path, diagnostics) ?? throw Failed(diagnostics.ToSorted());
        var result = await ProjectRunner.RunAsync(
            new RunRequest
            {
                Manifest = manifest,
                Selected = [.. manifest.Nodes.Keys],
                Command = RunCommand.Build,
                Adapters = new Dictionary<string, IAdapter>
                {
                    ["duckdb"] = recorder?.Around(adapter) ?? adapter,
                },
                // one second apart, so that run ids differ
                StartedAt = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).AddSeconds(++_runs),
                Clock = TimeProvider.System,
                FullRefresh = fullRefresh,
            },
            this,
            CancellationToken.None
        );
        if (result.Nodes.Any(node => node.Outcome is not (Outcome.Succeeded or Outcome.Fresh)))
            throw Failed([.. result.Diagnostics, .. result.Nodes.SelectMany(node => node.Diagnostics)]);
    }

    private static void Loop(TemporaryFolder folder, string file, Recorder recorder)
    {
        using var loop = new BareLoop(folder.Combine(file));
        loop.Execute(recorder.Statements);
    }

    private void Naive(TemporaryFolder folder, string file)
    {
        using var loop = new BareLoop(folder.Combine(file));
        loop.Execute(0, "create schema work");
        for (var i = 0; i < models; i++)
            loop.Execute(0, $"create table work.m_{i} as select {i} as id, 'x' as name");
    }

    /// <summary>A figure for something else would be worth nothing.</summary>
    private void Check(TemporaryFolder folder, string file)
    {
        using var loop = new BareLoop(folder.Combine(file));
        loop.Execute(
            0,
            $"""
            select case when count(*) <> {models} then error('tables are missing') end
            from duckdb_tables() where schema_name = 'work' and table_name not like '%strata%' and estimated_size = 1
            """
        );
        loop.Execute(0, $"select id, name from work.m_{models - 1}");
    }

    private async Task TimeAsync(string what, string way, Func<Task> run)
    {
        var processor = Processor();
        var start = Stopwatch.GetTimestamp();
        await run();
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        if (!_times.TryGetValue((what, way), out var times))
            _times[(what, way)] = times = [];
        times.Add((seconds, Processor() - processor));
    }

    private void Time(string what, string way, Action run) =>
        TimeAsync(
                what,
                way,
                () =>
                {
                    run();
                    return Task.CompletedTask;
                }
            )
            .GetAwaiter()
            .GetResult();

    private void Report(TextWriter output)
    {
        Write(
            output,
            $"{models:N0} models of one row, median of {rounds}; load {File.ReadAllText("/proc/loadavg").Trim()}"
        );
        Write(output, $"budget for the first build: {Budget:0.00}x of the bare loop");
        foreach (var ((what, way), times) in _times)
        {
            var seconds = Median(times.Select(time => time.Seconds));
            var processor = Median(times.Select(time => time.Processor));
            var ratio = "";
            if (way == "strata" && _times.TryGetValue((what, "bare loop"), out var bare))
                ratio = string.Create(
                    CultureInfo.InvariantCulture,
                    $"  {seconds / Median(bare.Select(time => time.Seconds)):0.00}x, processor {processor / Median(bare.Select(time => time.Processor)):0.00}x"
                );
            Write(
                output,
                $"{what, -14} {way, -22} {seconds, 7:0.00} s  {processor, 7:0.00} s of processor  {seconds / models * 1000, 6:0.00} ms a model{ratio}"
            );
        }
    }

    private void Statements(TextWriter output, string what, Recorder recorder)
    {
        var all = recorder.Statements;
        Write(
            output,
            $"{what}: {(double)all.Length / models:0.0} statements a model on {all.Max(one => one.Session) + 1} sessions, {all.Sum(one => one.Elapsed.TotalSeconds):0.00} s waited for, and {recorder.Catalog.TotalSeconds:0.00} s for the catalog"
        );
        var kinds = all.GroupBy(one => (one.IsAsked ? "columns of: " : "") + Kind(one.Sql))
            .Select(kind =>
                (kind.Key, Count: kind.Count(), Time: kind.Sum(one => one.Elapsed.TotalMilliseconds))
            )
            .Where(kind => kind.Count >= models / 10 || kind.Time >= 20)
            .OrderByDescending(kind => kind.Time);
        foreach (var (kind, count, time) in kinds)
            Write(output, $"  {count, 6} x {time / count, 7:0.000} ms = {time, 7:0} ms  {kind}");
    }

    private static string Kind(string sql)
    {
        var shape = Varying().Replace(sql, "?");
        return shape.Length > 90 ? shape[..90] : shape;
    }

    [GeneratedRegex(@"'[^']*'|\bm_\d+\w*|\b\d+\b|\bstrata_\w+|\s+(?=\s)|\n")]
    private static partial Regex Varying();

    private static InvalidOperationException Failed(IEnumerable<Diagnostic> diagnostics) =>
        new(string.Concat(diagnostics.Select(DiagnosticRenderer.Render)));

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted[sorted.Count / 2];
    }

    private static double Processor()
    {
        using var process = Process.GetCurrentProcess();
        return process.TotalProcessorTime.TotalSeconds;
    }

    private static void Write(TextWriter output, FormattableString line) =>
        output.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
