using System.Collections.Immutable;
using Strata.Cli.CommandLine;
using Strata.Cli.Session;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;
using Strata.Compiler.Manifest.Models;
using Strata.Compiler.Manifest.Sources;
using Strata.Compiler.Rendering.Linking;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;
using Strata.Runner.Adapters.Errors;
using Strata.Runner.Files;
using Strata.Runner.Files.Landing;

namespace Strata.Cli.Commands;

/// <summary>The query behind <c>strata show</c>, and the connection it runs on.</summary>
public sealed class ShowQuery
{
    private readonly IAdapter _adapter;
    private readonly ConnectionConfig _connection;
    private readonly string _subject;
    private readonly string _sql;
    private readonly BoundSql? _bound;
    private readonly RelationNode? _published;
    private readonly ProjectManifest _manifest;
    private readonly ImmutableArray<(FilesConfig Config, LandingZone Landed)> _files;

    private ShowQuery(
        ProjectSession project,
        AdapterSet adapters,
        string connection,
        string subject,
        string sql,
        ImmutableArray<(FilesConfig, LandingZone)> files,
        BoundSql? bound = null,
        RelationNode? published = null
    )
    {
        _manifest = project.Manifest;
        _files = files;
        _adapter = adapters.Adapters[connection];
        _connection = project.Manifest.Connections[connection];
        _subject = subject;
        _sql = sql;
        _bound = bound;
        _published = published;
    }

    /// <summary>Whether the project itself wrote the SQL, so that an error is its own.</summary>
    public bool IsOfTheProject => _bound is not null;

    public static ShowQuery? ForNode(
        ProjectSession project,
        CommandContext context,
        string name,
        AdapterSet adapters
    )
    {
        var relations = project.Manifest.Nodes.Values.OfType<RelationNode>().ToList();
        var node = NodeNames.Find(relations, name);
        if (node is null)
        {
            context.Fail(NodeNames.Unknown(relations, name));
            return null;
        }
        var subject = $"{TypeOf(node)} '{NodeNames.Of(node)}'";
        switch (node)
        {
            case ModelNode { Config.Materialized: Materialization.Ephemeral } model:
                return Bound(project, context, adapters, model.Connection, subject, model.Full);
            case SourceNode { Files: { } files } source:
                var landed = new List<(FilesConfig, LandingZone)>();
                return Files(project, context, adapters, source, files, landed) is { } query
                    ? new ShowQuery(project, adapters, node.Connection, subject, query, [.. landed])
                    : null;
            default:
                var relation = adapters.Adapters[node.Connection].Dialect.Quote(node.Relation);
                return new ShowQuery(
                    project,
                    adapters,
                    node.Connection,
                    subject,
                    $"select * from {relation}",
                    [],
                    published: node
                );
        }
    }

    public static ShowQuery? ForInline(
        ProjectSession project,
        CommandContext context,
        InlineQuery query,
        AdapterSet adapters
    )
    {
        var read = query
            .Sql.References.Select(reference =>
                project.Manifest.Find<RelationNode>(reference.NodeId)?.Connection
            )
            .OfType<string>()
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal)
            .ToList();
        if (read.Count > 1)
        {
            context.Fail(CommandLineDiagnostics.InlineSpansConnections(read));
            return null;
        }
        return Bound(project, context, adapters, query.Connection, "the query", query.Sql);
    }

    public async Task<RowSet> RunAsync(int limit, CancellationToken cancellation)
    {
        await using var session = await _adapter.OpenSessionAsync(cancellation);
        return await session.ReadAsync(_sql, limit, cancellation);
    }

    public async Task<Diagnostic> ExplainAsync(EngineException exception, CancellationToken cancellation)
    {
        var error = exception.Error;
        if (error.Kind is EngineErrorKind.Connection)
            return EngineDiagnostics.Unreachable(
                _connection.Declaration,
                _connection.Name,
                error.Message,
                error.Hint
            );
        if (
            _published is { } node
            && error.Kind is EngineErrorKind.Statement
            && !await ExistsAsync(node.Relation, cancellation)
        )
            return CommandLineDiagnostics.NotBuilt(node.Name, node.Relation.ToString(), node.Connection);
        var origin = error.Position is { } position ? _bound?.FindOrigin(position)?.Outermost : null;
        if (error.Kind is EngineErrorKind.File or EngineErrorKind.Data)
            error = await LandedProblems.ExplainAsync(error, _files, cancellation);
        else if (error.Kind is EngineErrorKind.Statement && FindNode(error) is { } meant)
            error = error with { Hint = $"{meant.Name} is a {TypeOf(meant)}: write {Mention(meant)}" };
        return error.ToDiagnostic(_adapter.Dialect.Name, _subject, origin?.Span);
    }

    // a view is there, too, when what it reads is not
    private async Task<bool> ExistsAsync(RelationName relation, CancellationToken cancellation)
    {
        await using var session = await _adapter.OpenSessionAsync(cancellation);
        var found = await session.ListRelationsAsync([relation.Schema], cancellation);
        return found.Any(one => _adapter.Dialect.RelationNames.Equals(one.Name, relation));
    }

    /// <summary>The node whose name stands where the engine misses a table of that name.</summary>
    private RelationNode? FindNode(EngineError error)
    {
        if (
            _bound is null
            || error.Position is not { } start
            || !error.Message.Contains("does not exist", StringComparison.Ordinal)
        )
            return null;
        var end = start;
        while (end < _sql.Length && (char.IsLetterOrDigit(_sql[end]) || _sql[end] is '_' or '"'))
            end++;
        var name = _sql[start..end].Trim('"');
        return _manifest
            .Nodes.Values.OfType<RelationNode>()
            .Where(node => node.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            .OrderBy(node => node is SourceNode)
            .FirstOrDefault();
    }

    private static string TypeOf(RelationNode node) => node.ResourceType.ToString().ToLowerInvariant();

    private static string Mention(RelationNode node) =>
        node is SourceNode source
            ? $"{{{{ source \"{source.SourceName}\" \"{source.Name}\" }}}}"
            : $"{{{{ ref \"{node.Name}\" }}}}";

    private static ShowQuery? Bound(
        ProjectSession project,
        CommandContext context,
        AdapterSet adapters,
        string connection,
        string subject,
        CompiledSql sql
    )
    {
        var isComplete = true;
        var landed = new List<(FilesConfig, LandingZone)>();
        var bound = sql.Bind(reference =>
        {
            if (
                reference.Kind is not ReferenceKind.Source
                || project.Manifest.Find<SourceNode>(reference.NodeId) is not { Files: { } files } source
            )
                return null;
            var query = Files(project, context, adapters, source, files, landed);
            isComplete &= query is not null;
            return query is null ? null : $"({query})";
        });
        return isComplete
            ? new ShowQuery(project, adapters, connection, subject, bound.Text, [.. landed], bound)
            : null;
    }

    // what is in the landing zone now, whether a model has taken it in or not
    private static string? Files(
        ProjectSession project,
        CommandContext context,
        AdapterSet adapters,
        SourceNode source,
        FilesConfig files,
        List<(FilesConfig, LandingZone)> read
    )
    {
        if (FilesQuery.FindUnsupported(files) is { } option)
        {
            context.Fail(
                FileDiagnostics.NeedsLanding(
                    source.Declaration,
                    NodeNames.Of(source),
                    option,
                    adapters.Adapters[source.Connection].Dialect.Name
                )
            );
            return null;
        }
        var diagnostics = new DiagnosticBag();
        var landed = LandingZone.List(source, files, project.Manifest.ProjectFolder, diagnostics);
        context.Diagnostics.Print(diagnostics.ToSorted());
        read.Add((files, landed));
        return diagnostics.HasErrors
            ? null
            : FilesQuery.Create(
                landed,
                files,
                adapters.Adapters[source.Connection].Dialect,
                project.Manifest.ProjectFolder,
                project.StartedAt,
                batchId: 0
            );
    }
}
