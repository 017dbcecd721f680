using Strata.Bench;
using Strata.Bench.Checks;
using Strata.Bench.Templates;
using Strata.Bench.Transfers;

// usage: Strata.Bench [name ...]   without a name, every benchmark
// a name of a benchmark of transfers says how many rows; peak memory is that of a process, so run one at a time
IBenchmark[] benchmarks =
[
    new TemplateBenchmark(),
    new CheckBenchmark(2_000_000),
    new TransferBenchmark("transfers-1m", 1_000_000, rounds: 5),
    new TransferBenchmark("transfers-10m", 10_000_000, rounds: 3),
];
var unknown = args.Except(benchmarks.Select(benchmark => benchmark.Name)).ToList();
if (unknown.Count > 0)
{
    Console.Error.WriteLine(
        $"no benchmark '{unknown[0]}'; known are {string.Join(", ", benchmarks.Select(benchmark => benchmark.Name))}"
    );
    return 2;
}
Console.WriteLine($"{Environment.ProcessorCount} processors, .NET {Environment.Version}");
foreach (var benchmark in benchmarks.Where(benchmark => args.Length == 0 || args.Contains(benchmark.Name)))
    benchmark.Run(Console.Out);
return 0;
