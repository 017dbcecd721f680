using System.Collections.Immutable;
using Strata.Cli.CommandLine;
using Strata.Cli.Output;
using Strata.Cli.Session;
using Strata.Compiler.Manifest;
using Strata.Compiler.Rendering;

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
        "print what this template compiles to, instead"
    )
    {
        EnvironmentVariable = null,
    };

    public CompileCommand()
        : base("compile", "check the project and write the SQL that would run") =>
        AddAll(_selection.All, [_inline], _project.Writing);

    public override string Details =>
        "Reads every file, resolves every reference and reports everything that is wrong in one go. Writes the "
        + "SQL of the selected models to target/compiled and manifest.json beside it. Nothing is connected to.\n\n"
        + "With --select the SQL is printed as well.";

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
                    $"'{model.Name}' asks its database for columns or rows: its compiled SQL has none of them, a build fills them in"
                );
        }
        var models = project.Manifest.Nodes.Values.OfType<ModelNode>().Count();
        var tests = project.Manifest.Nodes.Values.OfType<TestNode>().Count();
        var time = context.Host.Time.GetElapsedTime(startedAt);
        context.Remark(
            $"compiled {Words.Count(models, "model")} and {Words.Count(tests, "test")} into {context.Shorten(project.Artifacts.Path)} in {Words.Duration(time)}"
        );
        return ExitCode.Ok;
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
