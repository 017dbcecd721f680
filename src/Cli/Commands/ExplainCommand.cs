using System.Collections.Immutable;
using System.CommandLine;
using Strata.Cli.CommandLine;
using Strata.Cli.Output;
using Strata.Compiler.Diagnostics;

namespace Strata.Cli.Commands;

public sealed class ExplainCommand : StrataCommand
{
    private readonly Argument<string?> _code = new("code")
    {
        Arity = ArgumentArity.ZeroOrOne,
        Description = "the code of a message: ST3001 (default: list all codes)",
    };

    public ExplainCommand()
        : base("explain", "say what a message means and what to do") => Add(_code);

    public override bool NeedsProject => false;

    public override string Details =>
        "Prints the page about the code that a message begins with: what it means, and what to do. The pages are built into "
        + "the program; they are those of docs/diagnostics.";

    public override ImmutableArray<CommandExample> Examples =>
        [
            new("strata explain ST3001", "what 'error ST3001' means"),
            new("strata explain", "every code there is, one per line"),
        ];

    public override Task<int> RunAsync(CommandContext context) => Task.FromResult(Run(context));

    private int Run(CommandContext context)
    {
        if (context.Get(_code) is not { } typed)
        {
            foreach (var known in DiagnosticPages.Codes)
                context.Out.Write($"{known}  {TitleOf(known)}\n");
            return ExitCode.Ok;
        }
        var code = typed.Trim().ToUpperInvariant();
        if (DiagnosticPages.Find(code) is not { } page)
            return context.Fail(CommandLineDiagnostics.UnknownCode(typed, DiagnosticPages.Codes));
        context.Out.Write(page.TrimEnd('\n') + "\n");
        return ExitCode.Ok;
    }

    // # ST3001: a model does not exist
    private static string TitleOf(string code)
    {
        var title = (DiagnosticPages.Find(code) ?? "").Split('\n')[0];
        var colon = title.IndexOf(": ", StringComparison.Ordinal);
        return colon < 0 ? title.TrimStart('#', ' ') : title[(colon + 2)..];
    }
}
