using System.CommandLine;
using Strata.Cli.Output;
using Strata.Cli.Session;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Text;

namespace Strata.Cli.CommandLine;

/// <summary>From arguments to an exit code: parse, find the project, read its .env, check, run.</summary>
public static class Invocation
{
    public static async Task<int> RunAsync(IReadOnlyList<string> args, CliHost host)
    {
        var tree = new CommandTree(args);
        args = tree.WithDefaultVerb(args);
        var parsed = tree.Parse(args);
        var help = new HelpWriter(host.Out, Palette.For(host.Terminal.OutColour));
        if (parsed.GetValue(tree.Global.Help) || args.Count == 0 || args is ["help", ..])
            return WriteHelp(tree, args is ["help", _, ..] ? tree.Parse([.. args.Skip(1)]) : parsed, help);
        if (parsed.GetValue<bool>("--version"))
        {
            await host.Out.WriteAsync($"strata {ProductVersion.Text}\n");
            return ExitCode.Ok;
        }

        var diagnostics = new DiagnosticBag();
        var named = parsed.GetResult(tree.Global.ProjectDir) is { Implicit: false, Tokens: [var typed, ..] }
            ? typed.Value
            : host.Environment.GetValueOrDefault("STRATA_PROJECT_DIR");
        var folder = ProjectLocator.Find(host.WorkingDirectory, named);
        var environment = WithDotEnv(host.Environment, folder, diagnostics);
        var flags = new EnvironmentFlags();
        if (flags.ToArguments(tree, parsed, environment) is { Count: > 0 } added)
            parsed = tree.Parse([.. args, .. added]);

        diagnostics.AddRange(UsageErrors.Find(tree, parsed, flags));
        var command = parsed.CommandResult.Command as StrataCommand;
        if (command is { NeedsProject: true } && folder is null && !diagnostics.HasErrors)
            diagnostics.Add(
                ProjectDiagnostics.ProjectFileNotFound(
                    named is null ? host.WorkingDirectory : Path.GetFullPath(named, host.WorkingDirectory)
                )
            );
        if (diagnostics.HasErrors)
        {
            new DiagnosticPrinter(host.Error, Palette.For(host.Terminal.ErrorColour)).Print(
                diagnostics.ToSorted()
            );
            return ExitCode.CouldNotRun;
        }
        if (command is null)
            return WriteHelp(tree, parsed, help);
        return await RunAsync(command, new CommandContext(host, parsed, tree.Global, folder, environment));
    }

    private static async Task<int> RunAsync(StrataCommand command, CommandContext context)
    {
        try
        {
            return await command.RunAsync(context);
        }
        catch (OperationCanceledException) when (context.Cancellation.IsCancellationRequested)
        {
            context.Error.Write("cancelled\n");
            return ExitCode.ProjectFailed;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            return context.Fail(InternalDiagnostics.Unexpected(exception));
        }
        finally
        {
            await context.Out.FlushAsync();
            await context.Error.FlushAsync();
        }
    }

    private static int WriteHelp(CommandTree tree, ParseResult parsed, HelpWriter help)
    {
        if (parsed.CommandResult.Command is StrataCommand command)
            help.Write(tree, command);
        else
            help.Write(tree);
        return ExitCode.Ok;
    }

    private static IReadOnlyDictionary<string, string> WithDotEnv(
        IReadOnlyDictionary<string, string> shell,
        string? folder,
        DiagnosticBag diagnostics
    )
    {
        if (folder is null || Path.Combine(folder, DotEnv.FileName) is var path && !File.Exists(path))
            return shell;
        string text;
        try
        {
            text = File.ReadAllText(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            diagnostics.Add(
                CommandLineDiagnostics.InvalidDotEnv(
                    null,
                    $"{path} cannot be read: {exception.Message.TrimEnd('.')}",
                    "make it readable for the user that runs strata, or remove it"
                )
            );
            return shell;
        }
        var merged = DotEnv.Parse(new SourceText(DotEnv.FileName, text), diagnostics);
        foreach (var (name, value) in shell)
            merged[name] = value;
        return merged;
    }
}
