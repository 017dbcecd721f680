using System.Collections.Immutable;
using System.CommandLine;
using Strata.Cli.Output;
using Strata.Compiler.Diagnostics;

namespace Strata.Cli.CommandLine;

/// <summary>What a command works with: its options, the project it is about, and where its words go.</summary>
public sealed class CommandContext
{
    private readonly ParseResult _parsed;
    private readonly List<Diagnostic> _printed = [];

    public CommandContext(
        CliHost host,
        ParseResult parsed,
        GlobalFlags global,
        string? projectFolder,
        IReadOnlyDictionary<string, string> environment
    )
    {
        _parsed = parsed;
        Host = host;
        ProjectFolder = projectFolder ?? "";
        Environment = environment;
        IsQuiet = parsed.GetValue(global.Quiet);
        var isPlain = parsed.GetValue(global.NoColor);
        Terminal = isPlain ? host.Terminal with { OutColour = false, ErrorColour = false } : host.Terminal;
        Out = new RedactingWriter(host.Out, Redactor);
        Error = new RedactingWriter(host.Error, Redactor);
        OutPalette = Palette.For(Terminal.OutColour);
        ErrorPalette = Palette.For(Terminal.ErrorColour);
    }

    public CliHost Host { get; }

    public CancellationToken Cancellation => Host.Cancellation;

    public TerminalFacts Terminal { get; }

    /// <summary>The folder that holds strata.yml; empty for a command that needs no project.</summary>
    public string ProjectFolder { get; }

    /// <summary>The shell's variables over those of the project's .env.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; }

    public bool IsQuiet { get; }

    public Redactor Redactor { get; } = new();

    public RedactingWriter Out { get; }

    /// <summary>
    /// Rows go out as they are: a value that holds the text of a secret is somebody's value, and may be on its way back into a
    /// table. <see cref="Out"/> must be flushed before.
    /// </summary>
    public TextWriter Rows => Host.Out;

    public TextWriter Error { get; }

    public Palette OutPalette { get; }

    public Palette ErrorPalette { get; }

    public DiagnosticPrinter Diagnostics => new(Error, ErrorPalette, _printed);

    /// <summary>The diagnostics that were printed so far, each once.</summary>
    public ImmutableArray<Diagnostic> Printed => [.. _printed.Distinct()];

    /// <summary>The value of an option, from the command line or its environment variable.</summary>
    public T? Get<T>(Option<T> option) => _parsed.GetValue(option);

    public T? Get<T>(Argument<T> argument) => _parsed.GetValue(argument);

    /// <summary>A path that the user typed, absolute.</summary>
    public string FullPath(string path) => Path.GetFullPath(path, Host.WorkingDirectory);

    /// <summary>A path as the user would type it: relative where that is shorter to read.</summary>
    public string Shorten(string path)
    {
        var relative = Path.GetRelativePath(Host.WorkingDirectory, path);
        return relative.StartsWith("..", StringComparison.Ordinal) ? path : relative;
    }

    /// <summary>A remark for a person; not with --quiet.</summary>
    public void Remark(string text)
    {
        if (!IsQuiet)
            Error.Write(text + "\n");
    }

    public int Fail(Diagnostic diagnostic, int exitCode = ExitCode.CouldNotRun)
    {
        Diagnostics.Print(diagnostic);
        return exitCode;
    }
}
