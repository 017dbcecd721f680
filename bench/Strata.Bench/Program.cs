using Strata.Bench;
using Strata.Bench.Templates;

// usage: Strata.Bench [name ...]   without a name, every benchmark
IBenchmark[] benchmarks = [new TemplateBenchmark()];
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
