using System.Diagnostics;

namespace Strata.Simulators.Events;

internal static class Program
{
    private static int Main(string[] arguments)
    {
        using var cancellation = new CancellationTokenSource();
        Console.CancelKeyPress += (_, pressed) =>
        {
            pressed.Cancel = true;
            cancellation.Cancel();
        };
        return EventsCommand
            .Create(Land)
            .Parse(arguments)
            .Invoke(new() { Output = Console.Out, Error = Console.Error });

        int Land(SimulatorOptions options)
        {
            var watch = Stopwatch.StartNew();
            try
            {
                var simulation = new Simulation(options);
                var (first, last) = simulation.ChooseDays();
                var report = simulation.Run(cancellation.Token);
                LandingSummary.Write(
                    Console.Out,
                    report,
                    options.Start.AddDays(first - 1),
                    options.Start.AddDays(last - 1),
                    options.Out,
                    watch.Elapsed
                );
                return 0;
            }
            catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
            {
                Console.Error.WriteLine($"error: {problem.Message}");
                return 2;
            }
            catch (OperationCanceledException)
            {
                Console.Error.WriteLine("cancelled; the files that have landed are whole");
                return 2;
            }
        }
    }
}
