using System.Collections.Immutable;
using Strata.Cli.CommandLine;
using Strata.Cli.Compiled;
using Strata.Cli.Output;
using Strata.Cli.Session;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Graph.Selection;
using Strata.Compiler.Manifest;
using Strata.Compiler.Rendering.Linking;

namespace Strata.Cli.Commands;

public sealed class CompileCommand : StrataCommand
{
    private readonly SelectionFlags _selection = new();
    private readonly ProjectFlags _project = new();
    private readonly Flag<string?> _inline = new(
        FlagGroup.Selection,
        "--inline",
        null,
        "sql",
        "instead, print what this template compiles to"
    )
    {
        EnvironmentVariable = null,
    };

    public CompileCommand()
        : base("compile", "check the project and write the SQL that would run") =>
        AddAll(_selection.All, [_inline], _project.Writing);

    public override string Details =>
        "Reads every file, resolves every reference and reports everything that is wrong in one go. Writes the "
        + "SQL of the selected models to target/compiled and manifest.json beside it. No connection is opened.\n\n"
        + "With --select the SQL is printed as well. If nothing has changed since the last time and the files are still there, nothing is written.";

    public override ImmutableArray<CommandExample> Examples =>
        [
            new("strata compile", "check everything: what CI runs first"),
            new("strata compile -s daily_sales", "see the SQL of one model"),
            new("strata compile --inline 'select * from {{ ref \"orders\" }}'", "see the SQL of a template"),
        ];

    public override Task<int> RunAsync(CommandContext context) => Task.FromResult(Run(context));

    private int Run(CommandContext context)
    {
        var startedAt = context.Host.Time.GetTimestamp();
        var template = context.Get(_inline);
        var cache = new CompiledCache(context, _project);
        if (template is null && IsAboutAll(context) && cache.Find() is { } kept)
        {
            if (!context.IsQuiet)
                context.Error.Write(context.Terminal.ErrorColour ? kept.Coloured : kept.Plain);
            context.Remark(Sum(context, kept, startedAt));
            return ExitCode.Ok;
        }
        if (ProjectSession.Open(context, _project, out var exitCode, template) is not { } project)
            return exitCode;
        if (project.Query is { } query)
        {
            context.Out.Write(query.Sql.Text.Trim('\n') + "\n");
            return ExitCode.Ok;
        }
        if (project.Select(context, _selection, out exitCode) is not { } selected)
            return exitCode;
        if (!project.TryWriteCompiled(context))
            return ExitCode.CouldNotRun;
        var nodes = project.Manifest.Graph.Sorted.Where(selected.Contains).ToList();
        if (!_selection.Selected(context).IsEmpty)
        {
            foreach (var id in nodes)
                Print(context, project, project.Manifest.Nodes[id]);
        }
        foreach (var model in nodes.Select(id => project.Manifest.Nodes[id]).OfType<ModelNode>())
        {
            if (model.IsRenderedAtRun)
                context.Remark(
                    $"'{model.Name}' queries its database while it is rendered: the compiled SQL is without the results, which a build fills in"
                );
        }
        var written = CompiledRecord.Of(
            project.Manifest.Nodes.Values.OfType<ModelNode>().Count(),
            project.Manifest.Nodes.Values.OfType<TestNode>().Count(),
            project.Diagnostics,
            project.Artifacts.Written
        );
        cache.Keep(project, written, Sum(context, written, startedAt));
        context.Remark(Sum(context, written, startedAt));
        return ExitCode.Ok;
    }

    /// <summary>Whether nothing is said of a selection: what the manifest is asked for, and what is wrong with selectors.yml, is not remembered.</summary>
    private bool IsAboutAll(CommandContext context)
    {
        var diagnostics = new DiagnosticBag();
        return !_selection.IsGiven(context)
            && context.Get(_selection.State) is null
            && SelectorsFile.Load(context.ProjectFolder, diagnostics) is { Default: null }
            && diagnostics.ToSorted().IsEmpty;
    }

    private string Sum(CommandContext context, CompiledRecord record, long startedAt)
    {
        var folder = context.Shorten(ProjectSession.ArtifactFolderOf(context, _project));
        var time = Words.Duration(context.Host.Time.GetElapsedTime(startedAt));
        return $"compiled {Words.Count(record.Models, "model")} and {Words.Count(record.Tests, "test")} into {folder} in {time}";
    }

    private static void Print(CommandContext context, ProjectSession project, Node node)
    {
        if (node is not ModelNode model)
            return;
        Print(model.Path, model.Full);
        if (model.Incremental is { } batch)
            Print($"{model.Path}, incremental", batch);

        void Print(string title, CompiledSql sql) =>
            context.Out.Write($"-- {title}\n{project.ShowSql(model, sql).Trim('\n')}\n\n");
    }
}
