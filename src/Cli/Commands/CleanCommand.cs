using System.Collections.Immutable;
using Strata.Cli.CommandLine;
using Strata.Cli.Session;
using Strata.Compiler.Diagnostics;

namespace Strata.Cli.Commands;

public sealed class CleanCommand : StrataCommand
{
    private readonly ProjectFlags _project = new();

    public CleanCommand()
        : base("clean", "remove what strata wrote into the artifact folder") => Add(_project.TargetPath);

    public override string Details =>
        "Removes manifest.json, run_results.json, compiled SQL and caches. Databases are never touched, not even "
        + "one that lives in the same folder: the next build finds everything as it was.";

    public override ImmutableArray<CommandExample> Examples =>
        [
            new("strata clean", "remove the artifacts in target/"),
            new("strata clean --target-path /tmp/run7", "the same for another artifact folder"),
        ];

    public override Task<int> RunAsync(CommandContext context)
    {
        var folder = ProjectSession.ArtifactFolderOf(context, _project);
        var removed = 0;
        try
        {
            foreach (var path in ArtifactFolder.OwnEntries(folder))
            {
                context.Cancellation.ThrowIfCancellationRequested();
                if (Directory.Exists(path))
                    Directory.Delete(path, recursive: true);
                else
                    File.Delete(path);
                context.Out.Write($"removed {context.Shorten(path)}\n");
                removed++;
            }
            if (removed > 0 && !Directory.EnumerateFileSystemEntries(folder).Any())
                Directory.Delete(folder);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return Task.FromResult(
                context.Fail(CommandLineDiagnostics.CannotWrite(folder, exception.Message))
            );
        }
        if (removed == 0)
            context.Remark($"nothing to remove in {context.Shorten(folder)}");
        return Task.FromResult(ExitCode.Ok);
    }
}
