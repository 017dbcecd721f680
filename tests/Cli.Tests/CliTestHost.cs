namespace Strata.Cli.Tests;

/// <summary>Runs a command line in this process and keeps what it printed.</summary>
internal sealed class CliTestHost(string workingDirectory)
{
    public Dictionary<string, string> Environment { get; } = [];

    /// <summary>Of the terminal; null for none, as in a pipe.</summary>
    public int? Width { get; init; } = 80;

    /// <summary>Whether stderr takes colours.</summary>
    public bool ErrorColour { get; init; }

    public string Out { get; private set; } = "";

    public string Error { get; private set; } = "";

    public async Task<int> RunAsync(params string[] args)
    {
        using var stdout = new StringWriter();
        using var stderr = new StringWriter();
        var exitCode = await Program.RunAsync(
            args,
            new CliHost
            {
                Out = stdout,
                Error = stderr,
                Environment = Environment,
                WorkingDirectory = workingDirectory,
                Terminal = new TerminalFacts(
                    IsLive: false,
                    Width: Width,
                    OutColour: false,
                    ErrorColour: ErrorColour
                ),
            }
        );
        Out = stdout.ToString();
        Error = stderr.ToString();
        return exitCode;
    }
}
