using System.Collections.Immutable;
using Strata.Cli.CommandLine;
using Strata.Cli.Docs;
using Strata.Cli.Output;
using Strata.Cli.Session;
using Strata.Runner.Checking;
using Strata.Runner.Planning;

namespace Strata.Cli.Commands;

public sealed class DocsCommand : StrataCommand
{
    private readonly ProjectFlags _project = new();
    private readonly Flag<string?> _output = new(
        FlagGroup.Output,
        "--output",
        "-o",
        "file",
        "where the page goes (default: docs.html beside the other artifacts)"
    )
    {
        EnvironmentVariable = null,
    };

    public DocsCommand()
        : base("docs", "write a page that describes the project") => AddAll([_output], _project.Writing);

    public override string Details =>
        "Writes one HTML file with everything the project says of itself: models, sources, seeds, snapshots, exposures and macros, with descriptions, "
        + "columns, tests, lineage and SQL, and a search over them. The file needs no server and no network: open it, mail it, or publish it as it is.\n\n"
        + "No database file is opened and no server is asked. The columns and types of DuckDB models are worked out in memory; of Postgres models, and "
        + "of models that read what only a database knows, the page shows the columns that YAML declares. Secrets of profiles.yml are masked, and so "
        + "are values that compiled SQL has from env_var.\n\n"
        + "The exit code is 1 when the project has errors; the page that is there then stays as it is.";

    public override ImmutableArray<CommandExample> Examples =>
        [
            new("strata docs", "write target/docs.html, and open it in a browser"),
            new("strata docs -o public/index.html", "write it where a web server finds it"),
            new("strata docs --target prod", "with the schemas and settings of another target"),
        ];

    public override async Task<int> RunAsync(CommandContext context)
    {
        var startedAt = context.Host.Time.GetTimestamp();
        var typed = context.Get(_output);
        if (
            ProjectSession.Open(context, _project, out var exitCode, warns: ProjectWarnings.None)
            is not { } project
        )
            return exitCode;
        await using var adapters = project.OpenAdapters(context);
        if (
            adapters is null
            || project.ToRunRequest(context, _project, [], RunCommand.Test, adapters) is not { } request
        )
            return ExitCode.CouldNotRun;
        var columns = await ProjectColumns.FindAsync(request, context.Cancellation);
        var secrets = new DocsSecrets(project.VariablesRead, context.Environment, project.Manifest);
        context.Redactor.Add(secrets.Everywhere);
        var docs = new DocsProject(project.Manifest, columns);
        var page = DocsPage.Write(docs, project.StartedAt, new DocsSql(docs, project.ShowSql, secrets));
        var path = typed is null ? null : context.FullPath(typed);
        if (!project.TryWriteDocs(context, page, path))
            return ExitCode.CouldNotRun;
        var file = context.Shorten(path ?? Path.Combine(project.Artifacts.Path, ArtifactFolder.Docs));
        var time = Words.Duration(context.Host.Time.GetElapsedTime(startedAt));
        context.Remark($"wrote {file}: {Words.Count(docs.Nodes.Length, "node")} in {time}");
        return ExitCode.Ok;
    }
}
