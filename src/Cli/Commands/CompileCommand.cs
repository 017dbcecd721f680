using System.Collections.Immutable;
using Strata.Cli.CommandLine;
using Strata.Cli.Output;
using Strata.Cli.Session;

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
        if (project.Select(context, _selection) is not { } selected)
            return ExitCode.CouldNotRun;
        var files = CompiledFile.Of(project.Manifest, selected);
        if (!project.TryWrite(context, files))
            return ExitCode.CouldNotRun;
        if (!_selection.Selected(context).IsEmpty)
        {
            foreach (var file in files)
                context.Out.Write($"-- {file.Path}\n{file.Text.Trim('\n')}\n\n");
        }
        var time = context.Host.Time.GetElapsedTime(startedAt);
        context.Remark(
            $"compiled {Words.Count(files.Length, "file")} into {context.Shorten(project.Artifacts.Path)} in {Words.Duration(time)}"
        );
        return ExitCode.Ok;
    }
}
