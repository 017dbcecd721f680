using System.Globalization;
using Strata.Bench;
using Strata.Bench.Checks;
using Strata.Bench.Runs;
using Strata.Bench.Templates;
using Strata.Bench.Transfers;

// usage: Strata.Bench [name ...] [--rounds n]   without a name, every benchmark; --rounds for those of transfers and runs
// a name of a benchmark of transfers says how many rows; peak memory is that of a process, so run one at a time
var names = args.ToList();
int? rounds = null;
if (names.IndexOf("--rounds") is >= 0 and var at && at + 1 < names.Count)
{
    rounds = int.Parse(names[at + 1], CultureInfo.InvariantCulture);
    names.RemoveRange(at, 2);
}
IBenchmark[] benchmarks =
[
    new TemplateBenchmark(),
    new CheckBenchmark(2_000_000),
    new RunBenchmark("runs", 1_000, rounds ?? 3),
    new TransferBenchmark("transfers-1m", 1_000_000, rounds ?? 5),
    new TransferBenchmark("transfers-10m", 10_000_000, rounds ?? 3),
    new TransferBenchmark("transfers-20m", 20_000_000, rounds ?? 1),
];
var unknown = names.Except(benchmarks.Select(benchmark => benchmark.Name)).ToList();
if (unknown.Count > 0)
{
    Console.Error.WriteLine(
        $"no benchmark '{unknown[0]}'; known are {string.Join(", ", benchmarks.Select(benchmark => benchmark.Name))}"
    );
    return 2;
}
Console.WriteLine($"{Environment.ProcessorCount} processors, .NET {Environment.Version}");
foreach (var benchmark in benchmarks.Where(benchmark => names.Count == 0 || names.Contains(benchmark.Name)))
    benchmark.Run(Console.Out);
return 0;
