using System.Collections.Immutable;
using System.CommandLine;
using Strata.Cli.CommandLine;
using Strata.Cli.Output;
using Strata.Cli.Templates;
using Strata.Compiler.Diagnostics;

namespace Strata.Cli.Commands;

public sealed class InitCommand : StrataCommand
{
    private readonly Argument<string?> _folder = new("folder")
    {
        Arity = ArgumentArity.ZeroOrOne,
        Description = "where to write it; its name becomes the project's (default: here)",
    };

    private readonly Flag<string?> _gold = new(
        FlagGroup.Project,
        "--gold",
        null,
        "engine",
        "where gold is: duckdb, in the file of the others (the default), or postgres, where PGHOST, PGPORT, PGUSER, PGPASSWORD and PGDATABASE lead"
    )
    {
        Choices = StarterProject.GoldEngines,
        EnvironmentVariable = null,
    };

    public InitCommand()
        : base("init", "make a small project that runs at once")
    {
        Add(_folder);
        AddAll([_gold]);
    }

    public override bool NeedsProject => false;

    public override string Details =>
        "Writes a project with one example per layer, all in one DuckDB file, or with gold on Postgres: landed files, a seed, bronze, "
        + "silver and gold models, tests and a README that says what to try. The folder must be new or empty.";

    public override ImmutableArray<CommandExample> Examples =>
        [
            new("strata init shop", "a project in the new folder shop"),
            new("strata init shop --gold postgres", "with gold on Postgres, published in one transaction"),
            new("mkdir shop && cd shop && strata init", "the same, in the current folder"),
        ];

    public override async Task<int> RunAsync(CommandContext context)
    {
        var typed = context.Get(_folder);
        var folder = context.FullPath(typed ?? ".");
        if (File.Exists(folder))
            return context.Fail(
                CommandLineDiagnostics.FolderNotEmpty(typed ?? folder, Path.GetFileName(folder))
            );
        if (Directory.Exists(folder) && FirstVisible(folder) is { } found)
            return context.Fail(CommandLineDiagnostics.FolderNotEmpty(typed ?? folder, found));

        var gold = context.Get(_gold) ?? StarterProject.GoldEngines[0];
        ImmutableArray<string> written;
        try
        {
            written = StarterProject.Write(folder, gold, context.Cancellation);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return context.Fail(CommandLineDiagnostics.CannotWrite(folder, exception.Message));
        }
        var palette = context.OutPalette;
        await context.Out.WriteAsync(
            $"{palette.Paint(StarterProject.NameFor(folder), Tone.Strong)} is ready in {typed ?? "."}: {Words.Count(written.Length, "file")}\n\n"
        );
        foreach (var file in written)
            await context.Out.WriteAsync($"  {file}\n");
        await context.Out.WriteAsync("\nnext:\n");
        if (typed is not null)
            await context.Out.WriteAsync($"  {palette.Paint($"cd {Quote(typed)}", Tone.Accent)}\n");
        if (gold == StarterProject.Postgres)
            await context.Out.WriteAsync(
                $"  {palette.Paint("strata debug", Tone.Accent)}   # do PGHOST, PGUSER ... lead to your server?\n"
            );
        await context.Out.WriteAsync($"  {palette.Paint("strata build", Tone.Accent)}\n");
        await context.Out.WriteAsync($"  {palette.Paint("strata show daily_sales", Tone.Accent)}\n");
        return ExitCode.Ok;
    }

    private static string Quote(string path) =>
        path.Contains(' ', StringComparison.Ordinal) ? $"'{path}'" : path;

    // a fresh clone has a .git and perhaps a .gitignore, and is empty all the same
    private static string? FirstVisible(string folder) =>
        Directory
            .EnumerateFileSystemEntries(folder)
            .Select(path => Path.GetFileName(path))
            .Where(name => name is not (".git" or ".gitignore" or ".DS_Store"))
            .Order(StringComparer.Ordinal)
            .FirstOrDefault();
}
