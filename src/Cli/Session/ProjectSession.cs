using System.Collections.Immutable;
using Strata.Cli.CommandLine;
using Strata.Cli.Listing;
using Strata.Cli.Output;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Graph.Selection;
using Strata.Compiler.Manifest;
using Strata.Compiler.Manifest.Json;
using Strata.Compiler.Project;
using Strata.Compiler.Rendering.Introspection;
using Strata.Compiler.Rendering.Linking;
using Strata.Runner.Execution;
using Strata.Runner.Feeds;
using Strata.Runner.Planning;
using Strata.Runner.Results;
using Strata.Runner.SourceFreshness;
using Strata.Tests.Engine.Catalog;

namespace Strata.Cli.Session;

/// <summary>A compiled project in the hands of a command.</summary>
public sealed class ProjectSession
{
    private const string FailpointVariable = "STRATA_FAILPOINT";

    private readonly IRunTimeRenderer? _renderer;
    private bool _isSelectionExplained;
    private ImmutableArray<Diagnostic> _unsaid = [];

    private ProjectSession(
        ProjectManifest manifest,
        DateTimeOffset startedAt,
        ArtifactFolder artifacts,
        CompileResult result,
        ImmutableArray<string> variablesRead
    )
    {
        Manifest = manifest;
        StartedAt = startedAt;
        RunId = Strata.Runner.Planning.RunId.Create(startedAt);
        Artifacts = artifacts;
        Query = result.Query;
        Sources = result.Sources;
        Diagnostics = result.Diagnostics;
        IsRepeatable = result.IsRepeatable;
        VariablesRead = variablesRead;
        _renderer = result.Renderer;
    }

    public ProjectManifest Manifest { get; }

    /// <summary>The instant that <c>run_started_at</c> means.</summary>
    public DateTimeOffset StartedAt { get; }

    /// <summary>What the command is called in every artifact that it writes.</summary>
    public string RunId { get; }

    public ArtifactFolder Artifacts { get; }

    /// <summary>The compiled query that <see cref="Open"/> was given.</summary>
    public InlineQuery? Query { get; }

    /// <summary>The files that the project consists of.</summary>
    public ProjectSources? Sources { get; }

    /// <summary>What compiling it gave to say: warnings.</summary>
    public ImmutableArray<Diagnostic> Diagnostics { get; }

    /// <summary>Whether it compiles to the same at any time, while nothing changes.</summary>
    public bool IsRepeatable { get; }

    /// <summary>The environment variables that were read while compiling.</summary>
    public ImmutableArray<string> VariablesRead { get; }

    /// <summary>
    /// Compiles the project and prints what is wrong with it. From here on the secrets of the target's
    /// connections do not leave the process.
    /// </summary>
    /// <param name="query">A query to compile besides; see <see cref="Query"/>.</param>
    /// <param name="connection">The connection that it is for, if the user named one.</param>
    /// <param name="warns">Whose warnings are printed where nothing is wrong besides.</param>
    /// <param name="goesByState">
    /// The command asks the state only: where the project has errors it gets <see cref="CompileResult.Outline"/>, and they are counted, not shown.
    /// </param>
    /// <param name="exitCode">How to end when the result is null.</param>
    /// <returns>Null when the project has errors.</returns>
    public static ProjectSession? Open(
        CommandContext context,
        ProjectFlags flags,
        out int exitCode,
        string? query = null,
        string? connection = null,
        ProjectWarnings warns = ProjectWarnings.All,
        bool goesByState = false
    )
    {
        var diagnostics = new DiagnosticBag();
        var environment = new RecordingEnvironment(context.Environment);
        var request = Request(context, flags, diagnostics) with
        {
            Environment = environment,
            // people end a query with a semicolon when they type one
            InlineQuery = query?.TrimEnd().TrimEnd(';'),
            InlineConnection = connection,
        };
        exitCode = ExitCode.CouldNotRun;
        if (diagnostics.HasErrors)
        {
            context.Diagnostics.Print(diagnostics.ToSorted());
            return null;
        }
        var result = ProjectCompiler.Compile(request, context.Cancellation);
        if (result.Outline is { } outline)
            context.Redactor.Add(outline.Connections.Values.SelectMany(SecretsOf));
        var errors = result.Diagnostics.Count(found => found.IsError);
        if (goesByState && errors > 0 && result.Outline is not null)
        {
            context.Remark(
                $"the project does not compile ({Words.Count(errors, "error")}, 'strata compile' shows {(errors == 1 ? "it" : "them")}), so this is shown from the state alone"
            );
            return new ProjectSession(
                result.Outline,
                request.RunStartedAt,
                new ArtifactFolder(ArtifactFolderOf(context, flags), context.Redactor),
                result,
                environment.NamesRead
            );
        }
        var shown =
            context.IsQuiet || warns != ProjectWarnings.All && !result.HasErrors
                ? [.. result.Diagnostics.Where(found => found.IsError)]
                : result.Diagnostics;
        context.Diagnostics.Print(shown);
        // an error without a place in the project's files is not the project's: there is no such target, say
        if (result.Diagnostics.Any(found => found.IsError && IsOfTheProject(found)))
            exitCode = ExitCode.ProjectFailed;
        if (result.Manifest is null || result.HasErrors)
            return null;
        var artifacts = new ArtifactFolder(ArtifactFolderOf(context, flags), context.Redactor);
        return new ProjectSession(
            result.Manifest,
            request.RunStartedAt,
            artifacts,
            result,
            environment.NamesRead
        )
        {
            _unsaid = warns == ProjectWarnings.OfSelection && !context.IsQuiet ? result.Diagnostics : [],
        };
    }

    private static bool IsOfTheProject(Diagnostic found) =>
        found.Span is { } span && span.File.Path is not ("--vars" or "--connection");

    // a password that is also the name of the user or the database hides nothing, and that name is everywhere
    private static IEnumerable<string> SecretsOf(ConnectionConfig connection) =>
        connection.Secrets.Where(secret => connection.Options.Values.Count(value => value == secret) == 1);

    /// <summary>Warnings of a code that have not been printed yet, and will not be.</summary>
    public ImmutableArray<Diagnostic> Withhold(string code)
    {
        var withheld = _unsaid.RemoveAll(one => one.Code != code);
        _unsaid = _unsaid.RemoveAll(one => one.Code == code);
        return withheld;
    }

    /// <summary>The unique ids that the selection means, tests included.</summary>
    /// <param name="exitCode">How to end when the result is null.</param>
    /// <returns>Null, after saying why, when they cannot be understood.</returns>
    public ImmutableHashSet<string>? Select(CommandContext context, SelectionFlags flags, out int exitCode)
    {
        var diagnostics = new DiagnosticBag();
        var criteria = flags.Parse(context, diagnostics);
        var earlier = criteria is null
            ? null
            : EarlierArtifacts.Read(
                criteria,
                flags.StateFolder(context),
                Artifacts.Path,
                Manifest,
                context.Shorten,
                diagnostics
            );
        var selected =
            criteria is null || earlier is null
                ? null
                : NodeSelector.Select(Manifest, criteria, earlier, diagnostics);
        var found = diagnostics.ToSorted();
        if (selected is not null)
            SayWarningsOf(context, selected);
        context.Diagnostics.Print(context.IsQuiet ? [.. found.Where(one => one.IsError)] : found);
        _isSelectionExplained = found.Any(one => one.Span?.File.Path != "--exclude");
        exitCode = SelectionFlags.ExitCodeOf(found);
        return diagnostics.HasErrors ? null : selected;
    }

    // what stands in the file of nodes of which none is selected is for another time
    private void SayWarningsOf(CommandContext context, ImmutableHashSet<string> selected)
    {
        if (_unsaid.IsEmpty)
            return;
        var nodes = Manifest.Nodes.Values.ToLookup(node => node.Declaration.File.Path);
        context.Diagnostics.Print([
            .. _unsaid.Where(found =>
                found.Span is not { } span
                || !nodes.Contains(span.File.Path)
                || nodes[span.File.Path].Any(node => selected.Contains(node.UniqueId))
            ),
        ]);
        _unsaid = [];
    }

    /// <summary>Says that a command has nothing to do, unless the selection has said so itself.</summary>
    /// <param name="matches">The selection has matched something that the command does not work on.</param>
    /// <param name="what">What the command works on.</param>
    public void WarnNothingSelected(
        CommandContext context,
        SelectionFlags flags,
        bool matches = false,
        string what = "nodes that this command works on"
    )
    {
        if (context.IsQuiet || _isSelectionExplained)
            return;
        var selectors = flags.Selected(context);
        context.Diagnostics.Print(
            matches && selectors.Length > 0
                ? CommandLineDiagnostics.NothingOfKind(selectors, what)
                : CommandLineDiagnostics.NothingSelected(selectors)
        );
    }

    /// <summary>Adapters whose statements are logged where the command has been asked for it.</summary>
    /// <param name="isRun">Whether what is done has the name of a run.</param>
    /// <returns>Null, after saying why, when a connection is configured wrongly, or the log cannot be written.</returns>
    public AdapterSet? OpenAdapters(CommandContext context, ProjectFlags flags, bool isRun = false) =>
        OpenAdapters(context) is { } adapters
            ? StatementLogFile.Attach(
                context,
                context.Get(flags.LogStatements),
                isRun ? RunId : null,
                adapters
            )
            : null;

    /// <returns>Null, after saying why, when a connection is configured wrongly.</returns>
    public AdapterSet? OpenAdapters(CommandContext context)
    {
        var diagnostics = new DiagnosticBag();
        var adapters = AdapterSet.Create(Manifest.Connections.Values, Manifest.ProjectFolder, diagnostics);
        context.Diagnostics.Print(diagnostics.ToSorted());
        return adapters;
    }

    /// <returns>Null, after saying why, when the variable makes no sense.</returns>
    public static Failpoints? ReadFailpoints(CommandContext context)
    {
        try
        {
            return Failpoints.Parse(context.Environment.GetValueOrDefault(FailpointVariable));
        }
        catch (FormatException exception)
        {
            context.Fail(CommandLineDiagnostics.InvalidValue(FailpointVariable, exception.Message));
            return null;
        }
    }

    /// <returns>Null, after saying why, when a variable of the environment makes no sense.</returns>
    public RunRequest? ToRunRequest(
        CommandContext context,
        ProjectFlags flags,
        ImmutableHashSet<string> selected,
        RunCommand command,
        AdapterSet adapters
    )
    {
        if (ReadFailpoints(context) is not { } failpoints)
            return null;
        var request = new RunRequest
        {
            Manifest = Manifest,
            Renderer = _renderer,
            Selected = selected,
            Command = command,
            Adapters = adapters.Adapters,
            OpenEmbedded = adapters.OpenEmbedded,
            RunId = RunId,
            StartedAt = StartedAt,
            Clock = context.Host.Time,
            Failpoints = failpoints,
        };
        return context.Get(flags.Threads) is { } threads ? request with { Threads = threads } : request;
    }

    /// <summary>The SQL of a node as it can be run in a client.</summary>
    public string ShowSql(Node node, CompiledSql sql) => ShownChanges.Of(Manifest, node, sql);

    /// <summary>Writes compiled SQL and the manifest.</summary>
    /// <returns>False, after saying why, when the folder cannot be written.</returns>
    public bool TryWriteCompiled(CommandContext context) =>
        TryWrite(
            context,
            () =>
            {
                Artifacts.RemoveUnfinished(StartedAt.UtcDateTime);
                Artifacts.ForgetCompiled();
                var info = new ArtifactInfo(ProductVersion.Text, RunId, StartedAt);
                ArtifactFolder.WriteTogether(
                    () =>
                    {
                        foreach (var (path, text) in CompiledFiles.Of(Manifest, ShowSql))
                            Artifacts.WriteSql(path, text);
                    },
                    () =>
                        Artifacts.WriteJson(
                            ArtifactFolder.Manifest,
                            stream => ManifestJson.Write(stream, Manifest, info)
                        )
                );
            }
        );

    /// <summary>Writes what a run did.</summary>
    /// <param name="command">The name of the command.</param>
    /// <returns>False, after saying why, when the folder cannot be written.</returns>
    public bool TryWriteResults(CommandContext context, RunResult result, string command) =>
        TryWrite(
            context,
            () =>
            {
                Artifacts.WriteJson(
                    ArtifactFolder.RunResults,
                    stream =>
                        RunResultsJson.Write(
                            stream,
                            result,
                            Manifest,
                            $"strata {command}",
                            ProductVersion.Text,
                            context.Host.Time.GetUtcNow()
                        )
                );
                Artifacts.ForgetKeptResults();
                FailingQueries.Write(Artifacts, result);
            }
        );

    /// <summary>Writes how fresh sources are.</summary>
    /// <param name="path">The file, absolute; null for its place among the artifacts.</param>
    /// <returns>False, after saying why, when it cannot be written.</returns>
    public bool TryWriteSources(CommandContext context, FreshnessReport report, string? path) =>
        TryWrite(
            context,
            () =>
            {
                var (artifacts, name) = PlaceOf(context, path, ArtifactFolder.Sources);
                artifacts.WriteJson(
                    name,
                    stream =>
                        SourcesJson.Write(stream, report, ProductVersion.Text, context.Host.Time.GetUtcNow())
                );
            },
            path
        );

    /// <summary>Writes the page that describes the project.</summary>
    /// <param name="path">The file, absolute; null for its place among the artifacts.</param>
    /// <returns>False, after saying why, when it cannot be written.</returns>
    public bool TryWriteDocs(CommandContext context, string page, string? path) =>
        TryWrite(
            context,
            () =>
            {
                var (artifacts, name) = PlaceOf(context, path, ArtifactFolder.Docs);
                artifacts.WriteMarkup(name, page);
            },
            path
        );

    private (ArtifactFolder Folder, string Name) PlaceOf(CommandContext context, string? path, string name) =>
        path is null
            ? (Artifacts, name)
            : (
                new ArtifactFolder(Path.GetDirectoryName(path) ?? "", context.Redactor),
                Path.GetFileName(path)
            );

    private bool TryWrite(CommandContext context, Action write, string? path = null)
    {
        try
        {
            write();
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            context.Fail(
                path is null
                    ? CommandLineDiagnostics.CannotWrite(context.Shorten(Artifacts.Path), exception.Message)
                    : CommandLineDiagnostics.CannotWriteOutput(context.Shorten(path), exception.Message)
            );
            return false;
        }
    }

    /// <summary>Where artifacts go: --target-path, relative to where the user is, else target in the project.</summary>
    public static string ArtifactFolderOf(CommandContext context, ProjectFlags flags) =>
        context.Get(flags.TargetPath) is { } typed
            ? context.FullPath(typed)
            : Path.Combine(context.ProjectFolder, "target");

    private static CompileRequest Request(
        CommandContext context,
        ProjectFlags flags,
        DiagnosticBag diagnostics
    )
    {
        var request = new CompileRequest
        {
            ProjectFolder = context.ProjectFolder,
            ProfilesFolder = context.Get(flags.ProfilesDir) is { } profiles
                ? context.FullPath(profiles)
                : null,
            TargetName = context.Get(flags.Target),
            Vars = context.Get(flags.Vars) is { } vars
                ? CommandLineVars.Parse(vars, diagnostics)
                : ImmutableSortedDictionary<string, object?>.Empty,
            RunStartedAt = context.Host.Time.GetUtcNow(),
            Tests = ExpectationCatalog.Instance,
        };
        return context.Get(flags.Threads) is { } threads ? request with { Threads = threads } : request;
    }
}
