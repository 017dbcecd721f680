using System.Collections;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Strata.Cli.CommandLine;

namespace Strata.Cli;

public static class Program
{
    public static Task<int> Main(string[] args)
    {
        // answered before anything is loaded: scripts and prompts ask this often
        if (args is ["--version"])
        {
            using var stdout = Console.OpenStandardOutput();
            stdout.Write(Encoding.UTF8.GetBytes($"strata {ProductVersion.Text}\n"));
            return Task.FromResult(ExitCode.Ok);
        }
        return RunProcessAsync(args);
    }

    /// <summary>Runs one command line inside the given host and returns the exit code.</summary>
    public static Task<int> RunAsync(IReadOnlyList<string> args, CliHost host) =>
        Invocation.RunAsync(args, host);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task<int> RunProcessAsync(string[] args)
    {
        using var cancellation = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);

        var utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        await using var stdout = new StreamWriter(Console.OpenStandardOutput(), utf8);
        await using var stderr = new StreamWriter(Console.OpenStandardError(), utf8);
        var environment = ReadEnvironment();
        return await RunAsync(
            args,
            new CliHost
            {
                Out = stdout,
                Error = stderr,
                In = Console.IsInputRedirected ? null : Console.In,
                Environment = environment,
                WorkingDirectory = Directory.GetCurrentDirectory(),
                Terminal = TerminalFacts.Detect(environment),
                Cancellation = cancellation.Token,
            }
        );

        void Stop(PosixSignalContext context)
        {
            if (cancellation.IsCancellationRequested)
                Environment.Exit(ExitCode.Interrupted);
            context.Cancel = true;
            cancellation.Cancel();
        }
    }

    private static Dictionary<string, string> ReadEnvironment()
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (DictionaryEntry entry in Environment.GetEnvironmentVariables())
            variables[(string)entry.Key] = (string?)entry.Value ?? "";
        return variables;
    }
}
