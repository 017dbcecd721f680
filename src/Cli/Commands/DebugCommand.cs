using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Strata.Cli.CommandLine;
using Strata.Cli.Output;
using Strata.Cli.Session;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;
using Strata.Runner.Adapters.Errors;

namespace Strata.Cli.Commands;

public sealed class DebugCommand : StrataCommand
{
    private readonly ProjectFlags _project = new();

    public DebugCommand()
        : base("debug", "check every connection and say what is wrong") => AddAll(_project.Reading);

    public override string Details =>
        "Prints versions and paths, compiles the project, then reaches every connection of the target and shows "
        + "what is there. The exit code is 2 when a connection cannot be used.";

    public override ImmutableArray<CommandExample> Examples =>
        [
            new("strata debug", "the default target"),
            new("strata debug --target prod", "before the first deployment"),
        ];

    public override async Task<int> RunAsync(CommandContext context)
    {
        Fact(
            context,
            "strata",
            $"{ProductVersion.Text} on .NET {Environment.Version}, {RuntimeInformation.RuntimeIdentifier}"
        );
        Fact(context, "project", Path.Combine(context.ProjectFolder, ProjectLocator.ProjectFile));
        var profiles = context.Get(_project.ProfilesDir) is { } typed
            ? context.FullPath(typed)
            : context.ProjectFolder;
        Fact(context, "profiles", Path.Combine(profiles, "profiles.yml"));
        await context.Out.FlushAsync();
        if (ProjectSession.Open(context, _project, out var exitCode) is not { } project)
            return exitCode;
        var manifest = project.Manifest;
        Fact(context, "target", manifest.TargetName);
        Fact(context, "models", Words.Number(manifest.Nodes.Values.OfType<ModelNode>().Count()));

        exitCode = ExitCode.Ok;
        foreach (var connection in manifest.Connections.Values)
        {
            if (!await CheckAsync(context, connection))
                exitCode = ExitCode.CouldNotRun;
            await context.Out.FlushAsync();
            await context.Error.FlushAsync();
        }
        return exitCode;
    }

    private static async Task<bool> CheckAsync(CommandContext context, ConnectionConfig connection)
    {
        context.Out.Write($"\n{context.OutPalette.Paint(connection.Name, Tone.Strong)}\n");
        var diagnostics = new DiagnosticBag();
        var adapter = AdapterSet.Create(connection, context.ProjectFolder, diagnostics);
        if (adapter is null)
        {
            context.Out.Write($"  {context.OutPalette.Paint("fail", Tone.Bad)}\n");
            await context.Out.FlushAsync();
            context.Diagnostics.Print(diagnostics.ToSorted());
            return false;
        }
        await using (adapter)
        {
            var startedAt = context.Host.Time.GetTimestamp();
            try
            {
                var report = await adapter.CheckAsync(context.Cancellation);
                var time = Words.Duration(context.Host.Time.GetElapsedTime(startedAt));
                context.Out.Write(
                    $"  {context.OutPalette.Paint("ok", Tone.Good)}  {report.Version}, reached in {time}\n"
                );
                foreach (var (name, value) in report.Facts)
                    context.Out.Write(
                        $"      {context.OutPalette.Paint(name.PadRight(12), Tone.Quiet)} {value}\n"
                    );
                return true;
            }
            catch (EngineException exception)
            {
                context.Out.Write($"  {context.OutPalette.Paint("fail", Tone.Bad)}\n");
                await context.Out.FlushAsync();
                context.Diagnostics.Print(
                    EngineDiagnostics.Unreachable(
                        connection.Declaration,
                        connection.Name,
                        exception.Error.Message,
                        exception.Error.Hint
                    )
                );
                return false;
            }
        }
    }

    private static void Fact(CommandContext context, string name, string value) =>
        context.Out.Write($"{context.OutPalette.Paint(name.PadRight(10), Tone.Quiet)}{value}\n");
}
