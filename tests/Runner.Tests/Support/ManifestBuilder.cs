using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Strata.Compiler.Graph;
using Strata.Compiler.Manifest;
using Strata.Compiler.Manifest.Models;
using Strata.Compiler.Manifest.Sources;
using Strata.Compiler.Manifest.Tests;
using Strata.Compiler.Rendering.Linking;
using Strata.Compiler.Sql;
using Strata.Compiler.Text;

namespace Strata.Runner.Tests.Support;

/// <summary>
/// Makes manifests as the compiler would. In SQL, <c>{orders}</c> mentions a node, <c>{changes orders}</c> its changes, <c>{this}</c> the model itself;
/// the model's file holds the SQL as it is given, so that positions in it can be checked.
/// </summary>
public sealed partial class ManifestBuilder
{
    private const string Project = "shop";
    private readonly Dictionary<string, Node> _nodes = [];
    private readonly Dictionary<string, ConnectionConfig> _connections = [];

    public ManifestBuilder Connection(string name, EngineType engine)
    {
        var file = new SourceText("profiles.yml", $"{name}:\n");
        _connections[name] = new ConnectionConfig(
            name,
            engine,
            ImmutableSortedDictionary<string, string>.Empty,
            [],
            file.Span(0, name.Length)
        );
        return this;
    }

    public ManifestBuilder Model(
        string name,
        string sql,
        Materialization materialized = Materialization.Table,
        Func<ModelConfig, ModelConfig>? config = null,
        string connection = "duck",
        string? incremental = null,
        string layer = "core",
        params string[] volatileColumns
    )
    {
        var source = new SourceText($"models/{name}.sql", sql);
        var settings = new ModelConfig { Materialized = materialized };
        settings = config?.Invoke(settings) ?? settings;
        var relation = new RelationName("main", name);
        var full = Compile(sql, source, connection, relation);
        var batch =
            materialized is not (Materialization.Incremental or Materialization.Cdc) ? null
            : incremental is null ? full
            : Compile(incremental, new SourceText(source.Path, incremental), connection, relation);
        return Add(
            new ModelNode
            {
                UniqueId =
                    materialized == Materialization.Snapshot
                        ? $"snapshot.{Project}.{name}"
                        : $"model.{Project}.{name}",
                Name = name,
                Fqn = [name],
                Path = source.Path,
                Declaration = source.Span(0, 0),
                DependsOn = Dependencies(full, batch),
                Connection = connection,
                Engine = _connections[connection].Engine,
                Relation = relation,
                Layer = layer,
                Config = settings,
                Full = full,
                Incremental = batch,
                Source = source,
                Columns = [.. volatileColumns.Select(c => new ColumnInfo(c, null, "", [], Volatile: true))],
                Fingerprint = Hash(
                    $"{sql}|{incremental}|{settings}|{string.Join(",", settings.UniqueKey)}|{settings.Cdc.ScdType}"
                ),
            }
        );
    }

    public ManifestBuilder Seed(
        string name,
        string csv,
        string connection = "duck",
        params (string Column, string Type)[] types
    )
    {
        var source = new SourceText($"seeds/{name}.csv", csv);
        return Add(
            new SeedNode
            {
                UniqueId = $"seed.{Project}.{name}",
                Name = name,
                Fqn = [name],
                Path = source.Path,
                Declaration = source.Span(0, 0),
                Connection = connection,
                Engine = _connections[connection].Engine,
                Relation = new RelationName("main", name),
                Source = source,
                ColumnTypes = types.ToImmutableSortedDictionary(t => t.Column, t => t.Type),
                Fingerprint = Hash(csv + string.Join(",", types)),
            }
        );
    }

    /// <summary>A table that others fill, or with <paramref name="files"/> a landing zone.</summary>
    public ManifestBuilder Source(
        string name,
        FilesConfig? files = null,
        string connection = "duck",
        string? eventTime = null
    )
    {
        var source = new SourceText("models/sources.yml", $"{name}:\n");
        return Add(
            new SourceNode
            {
                UniqueId = $"source.{Project}.raw.{name}",
                Name = name,
                SourceName = "raw",
                Fqn = ["raw", name],
                Path = source.Path,
                Declaration = source.Span(0, name.Length),
                Connection = connection,
                Engine = _connections[connection].Engine,
                Relation = new RelationName("raw", name),
                Files = files,
                EventTime = eventTime,
                Fingerprint = Hash(name + files),
            }
        );
    }

    /// <summary>A query that must give no rows.</summary>
    public ManifestBuilder Test(
        string name,
        string sql,
        TestSeverity severity = TestSeverity.Error,
        string connection = "duck",
        bool storesFailures = false
    )
    {
        var source = new SourceText($"tests/{name}.sql", sql);
        var query = Compile(sql, source, connection, new RelationName("main", name));
        return Add(
            new TestNode
            {
                UniqueId = $"test.{Project}.{name}",
                Name = name,
                Fqn = [name],
                Path = source.Path,
                Declaration = source.Span(0, 0),
                DependsOn = Dependencies(query, null),
                Connection = connection,
                Engine = _connections[connection].Engine,
                Config = new TestConfig { Severity = severity, StoreFailures = storesFailures },
                Query = query,
                Fingerprint = Hash(sql + severity),
            }
        );
    }

    /// <summary>A generic test under a node, or under a column of it.</summary>
    public ManifestBuilder Expect(
        string node,
        string test,
        string? column = null,
        TestConfig? config = null,
        params (string Name, object? Value, string? Node)[] arguments
    )
    {
        var attached = (RelationNode)Find(node);
        var file = new SourceText($"models/{node}.yml", $"tests: [{test}]\n");
        var others = arguments.Select(a => a.Node).OfType<string>().Select(other => Find(other).UniqueId);
        return Add(
            new TestNode
            {
                UniqueId = $"test.{Project}.{test}_{node}_{column}",
                Name = $"{test}_{node}_{column}",
                Fqn = [test],
                Path = file.Path,
                Declaration = file.Span(8, test.Length),
                DependsOn = [attached.UniqueId, .. others],
                Connection = attached.Connection,
                Engine = attached.Engine,
                TestName = test,
                AttachedNode = attached.UniqueId,
                Column = column,
                Config = config ?? new TestConfig(),
                Arguments = arguments.ToImmutableSortedDictionary(
                    a => a.Name,
                    a => new TestArgument(
                        a.Value ?? a.Node,
                        a.Node is null ? null : Find(a.Node).UniqueId,
                        file.Span(0, 5)
                    )
                ),
                Fingerprint = Hash($"{test}{node}{column}{config}{string.Join(",", arguments)}"),
            }
        );
    }

    /// <summary>Declares columns of a node and tags them.</summary>
    public ManifestBuilder Tag(string node, string tag, params string[] columns)
    {
        var tagged = (RelationNode)Find(node);
        return Add(
            tagged with
            {
                Columns =
                [
                    .. tagged.Columns,
                    .. columns.Select(c => new ColumnInfo(c, null, "", [tag], Volatile: false)),
                ],
            }
        );
    }

    /// <summary>Gives a model's relation another name; before others mention it.</summary>
    public ManifestBuilder Alias(string node, string alias)
    {
        var model = (ModelNode)Find(node);
        return Add(
            model with
            {
                Relation = model.Relation with { Name = alias },
                Fingerprint = Hash(model.Fingerprint + alias),
            }
        );
    }

    /// <summary>As if models' fingerprints had been made of other words by an earlier version.</summary>
    public ManifestBuilder Fingerprinted(string by)
    {
        foreach (var model in _nodes.Values.OfType<ModelNode>().ToList())
        {
            _nodes[model.UniqueId] = model with
            {
                Fingerprint = Hash(by + model.Fingerprint),
                FormerFingerprints = [model.Fingerprint],
            };
        }
        return this;
    }

    public ProjectManifest Build(string folder) =>
        new()
        {
            ProjectName = Project,
            ProjectFolder = folder,
            TargetName = "test",
            Connections = _connections.ToImmutableSortedDictionary(),
            Nodes = _nodes.ToImmutableSortedDictionary(StringComparer.Ordinal),
            Graph = Dag<string>.Create([.. _nodes.Keys], id => _nodes[id].DependsOn).Graph!,
        };

    private ManifestBuilder Add(Node node)
    {
        _nodes[node.UniqueId] = node;
        return this;
    }

    public ManifestBuilder Change(string model, Func<ModelNode, ModelNode> change) =>
        Add(change((ModelNode)Find(model)));

    private Node Find(string name) => _nodes.Values.First(node => node.Name == name && node is not TestNode);

    private CompiledSql Compile(string sql, SourceText source, string connection, RelationName self)
    {
        var dialect = SqlDialects.Find(_connections[connection].Engine)!;
        var text = new StringBuilder();
        var map = new SourceMap.Builder();
        var references = ImmutableArray.CreateBuilder<RelationReference>();
        var copied = 0;
        foreach (Match match in Mention().Matches(sql))
        {
            Copy(match.Index);
            var name = match.Groups[2].Value;
            var node = name == "this" ? null : (RelationNode)Find(name);
            var relation =
                node is null ? self
                : node.Connection == connection ? node.Relation
                : Replica.NameOf(node.Relation, dialect);
            var start = text.Length;
            text.Append(dialect.Quote(relation));
            var origin = source.Span(match.Index, match.Length);
            map.Add(start, text.Length - start, new SourceOrigin(origin), isVerbatim: false);
            references.Add(
                new RelationReference(
                    match.Groups[1].Success
                        ? ReferenceKind.Changes
                        : node switch
                        {
                            null => ReferenceKind.This,
                            SourceNode => ReferenceKind.Source,
                            _ => ReferenceKind.Ref,
                        },
                    node?.UniqueId ?? $"model.{Project}.{self.Name}",
                    new TextSpan(start, text.Length - start),
                    origin
                )
            );
            copied = match.Index + match.Length;
        }
        Copy(sql.Length);
        return new CompiledSql(text.ToString(), map.Build(), references.ToImmutable());

        void Copy(int end)
        {
            map.Add(text.Length, end - copied, new SourceOrigin(source.Span(copied, end - copied)), true);
            text.Append(sql, copied, end - copied);
        }
    }

    private static ImmutableArray<string> Dependencies(CompiledSql full, CompiledSql? incremental) =>
        [
            .. full
                .References.Concat(incremental?.References ?? [])
                .Where(reference => reference.Kind != ReferenceKind.This)
                .Select(reference => reference.NodeId)
                .Distinct()
                .Order(StringComparer.Ordinal),
        ];

    private static string Hash(string text) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    [GeneratedRegex(@"\{(changes )?(\w+)\}")]
    private static partial Regex Mention();
}
