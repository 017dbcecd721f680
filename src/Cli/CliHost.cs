namespace Strata.Cli;

/// <summary>
/// Everything that a command may touch of the process it runs in, so that tests can run it inside their own.
/// </summary>
public sealed record CliHost
{
    /// <summary>Results: what another program may want to read.</summary>
    public required TextWriter Out { get; init; }

    /// <summary>Everything else: diagnostics, hints, progress where stdout is not a terminal.</summary>
    public required TextWriter Error { get; init; }

    /// <summary>Where answers to questions come from; null when nobody can be asked.</summary>
    public TextReader? In { get; init; }

    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    /// <summary>Absolute path.</summary>
    public required string WorkingDirectory { get; init; }

    public TerminalFacts Terminal { get; init; } = TerminalFacts.None;

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Cancelled by the first Ctrl-C.</summary>
    public CancellationToken Cancellation { get; init; }
}
