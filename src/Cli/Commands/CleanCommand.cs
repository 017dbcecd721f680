using System.Collections.Immutable;
using Strata.Cli.CommandLine;
using Strata.Cli.Output;
using Strata.Cli.Session;
using Strata.Compiler.Diagnostics;
using Strata.Runner.Orphans;
using Strata.Runner.Planning;

namespace Strata.Cli.Commands;

public sealed class CleanCommand : StrataCommand
{
    private readonly ProjectFlags _project = new();
    private readonly Flag<bool> _orphans = new(
        FlagGroup.Running,
        "--orphans",
        null,
        null,
        "instead: relations that no node owns any more"
    )
    {
        EnvironmentVariable = null,
    };
    private readonly Flag<bool> _yes = new(
        FlagGroup.Running,
        "--yes",
        "-y",
        null,
        "with --orphans: drop them without asking"
    )
    {
        EnvironmentVariable = null,
    };
    private readonly Flag<bool> _histories = new(
        FlagGroup.Running,
        "--histories",
        null,
        null,
        "with --orphans: drop histories of snapshots, too"
    )
    {
        EnvironmentVariable = null,
    };
    private readonly Flag<bool> _dryRun = new(
        FlagGroup.Running,
        "--dry-run",
        null,
        null,
        "with --orphans: only show them"
    )
    {
        EnvironmentVariable = null,
    };

    public CleanCommand()
        : base("clean", "remove artifacts, or relations that no model owns any more") =>
        AddAll([_orphans, _yes, _histories, _dryRun], _project.Writing);

    public override string Details =>
        "Removes manifest.json, run_results.json, docs.html, compiled SQL and caches. Databases are not touched, not even "
        + "one in the same folder: the next build finds everything as it was.\n\n"
        + "With --orphans, it leaves the folder alone and drops the relations that this project made on this target and no longer owns, because "
        + "a model was removed, renamed or moved, with their change feeds, replicas and old versions. The table of a "
        + "snapshot stays, because its history cannot be rebuilt; --histories drops it, too. Relations of disabled nodes stay.";

    public override ImmutableArray<CommandExample> Examples =>
        [
            new("strata clean", "remove the artifacts in target/"),
            new("strata clean --target-path /tmp/run7", "the same for another artifact folder"),
            new(
                "strata clean --orphans",
                "show relations without a model; on a terminal, ask whether to drop them"
            ),
            new("strata clean --orphans --yes", "drop them"),
        ];

    public override Task<int> RunAsync(CommandContext context)
    {
        if (context.Get(_orphans))
            return CleanOrphansAsync(context);
        if (context.Get(_yes))
            return Task.FromResult(context.Fail(CommandLineDiagnostics.OnlyWithOrphans("--yes")));
        if (context.Get(_histories))
            return Task.FromResult(context.Fail(CommandLineDiagnostics.OnlyWithOrphans("--histories")));
        return Task.FromResult(
            context.Get(_dryRun)
                ? context.Fail(CommandLineDiagnostics.OnlyWithOrphans("--dry-run"))
                : CleanFolder(context)
        );
    }

    private int CleanFolder(CommandContext context)
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
            return context.Fail(CommandLineDiagnostics.CannotWrite(folder, exception.Message));
        }
        if (removed == 0)
            context.Remark($"nothing to remove in {context.Shorten(folder)}");
        return ExitCode.Ok;
    }

    private async Task<int> CleanOrphansAsync(CommandContext context)
    {
        if (
            ProjectSession.Open(context, _project, out var exitCode, warns: ProjectWarnings.None)
            is not { } project
        )
            return exitCode;
        await using var adapters = project.OpenAdapters(context);
        if (adapters is null)
            return ExitCode.CouldNotRun;
        if (project.ToRunRequest(context, _project, [], RunCommand.Build, adapters) is not { } request)
            return ExitCode.CouldNotRun;
        var diagnostics = new DiagnosticBag();
        var found = await OrphanCleaner.FindAsync(request, diagnostics, context.Cancellation);
        if (found is { } orphans)
        {
            if (orphans.IsEmpty)
            {
                context.Remark("no orphans: every relation that strata made here belongs to a node");
                return ExitCode.Ok;
            }
            Write(context, orphans);
            var disabled = orphans.Count(orphan => orphan.IsDisabled);
            if (disabled > 0)
            {
                orphans = orphans.RemoveAll(orphan => orphan.IsDisabled);
                context.Remark(
                    $"{Words.Count(disabled, "relation")} of disabled nodes {(disabled == 1 ? "stays" : "stay")}; a node's relation is an orphan once its file is removed"
                );
            }
            var histories = orphans.Count(orphan => orphan.IsHistory);
            if (histories > 0 && !context.Get(_histories))
            {
                orphans = orphans.RemoveAll(orphan => orphan.IsHistory);
                context.Remark(
                    $"{Words.Count(histories, "snapshot")} {(histories == 1 ? "stays" : "stay")}, because a history cannot be rebuilt; an alias continues it under "
                        + "another name, --histories drops it"
                );
            }
            if (orphans.IsEmpty)
                return ExitCode.Ok;
            if (!IsMeant(context))
            {
                context.Remark("nothing is dropped; --yes drops them");
                return ExitCode.Ok;
            }
            var dropped = await OrphanCleaner.DropAsync(request, orphans, diagnostics, context.Cancellation);
            if (!dropped.IsEmpty)
                context.Out.Write($"dropped {Words.Count(dropped.Length, "relation")}\n");
            await context.Out.FlushAsync();
        }
        context.Diagnostics.Print(diagnostics.ToSorted());
        return diagnostics.HasErrors ? ExitCode.CouldNotRun : ExitCode.Ok;
    }

    private bool IsMeant(CommandContext context)
    {
        if (context.Get(_dryRun))
            return false;
        if (context.Get(_yes))
            return true;
        if (!context.Terminal.IsLive || context.Host.In is not { } answers)
            return false;
        context.Out.Write("drop them? [y/N] ");
        context.Out.Flush();
        return answers.ReadLine()?.Trim() is "y" or "Y" or "yes";
    }

    private static void Write(CommandContext context, ImmutableArray<Orphan> orphans)
    {
        var table = new TextTable(
            "relation",
            "kind",
            "connection",
            new TextTable.Column("rows", IsRight: true),
            "why"
        );
        foreach (var orphan in orphans)
        {
            table.Add(
                orphan.Relation.ToString(),
                orphan.IsHistory ? "snapshot" : orphan.Kind.ToString().ToLowerInvariant(),
                new TextTable.Cell(orphan.Connection, Tone.Quiet),
                orphan.Rows is { } rows ? Words.Number(rows) : "",
                orphan.Why
            );
        }
        table.Write(context.Out, context.OutPalette, context.Terminal.Width);
    }
}
