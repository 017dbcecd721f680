using Strata.Compiler.Manifest;
using Strata.Compiler.Manifest.Models;
using Strata.Compiler.Manifest.Sources;
using Strata.Runner.Results;

namespace Strata.Cli.Docs;

/// <summary>What is said of a node in pairs of a name and a value: where it is, how it is built, whose it is.</summary>
internal static class DocsFacts
{
    // said in words of their own, or of no use to readers; statements of hooks may hold anything
    private static readonly HashSet<string> s_saidElsewhere =
    [
        "alias",
        "description",
        "docs",
        "enabled",
        "engine",
        "freshness",
        "loaded_at_field",
        "loaded_at_query",
        "materialized",
        "meta",
        "post_hook",
        "pre_hook",
        "publish",
        "schema",
        "tags",
    ];

    public static IEnumerable<(string Name, string Value)> Of(DocsProject project, Node node)
    {
        foreach (var fact in Own(node))
            yield return fact;
        foreach (var (key, value) in node.ConfigValues)
        {
            if (!s_saidElsewhere.Contains(key) && Text(value) is { Length: > 0 } text)
                yield return (key, text);
        }
        if (!node.Tags.IsEmpty)
            yield return ("tags", string.Join(", ", node.Tags));
        foreach (var (key, value) in node.Meta)
            yield return ($"meta: {key}", Text(value));
        yield return ("file", node.Path);
        if (node.PatchPath is { } patch)
            yield return ("described in", patch);
    }

    private static IEnumerable<(string Name, string Value)> Own(Node node) =>
        node switch
        {
            ModelNode model => OfModel(model),
            SeedNode seed => [.. OfRelation(seed, seed.Layer), ("publish", Publish(seed.Publish))],
            SourceNode source => OfSource(source),
            ExposureNode exposure => OfExposure(exposure),
            _ => [],
        };

    private static IEnumerable<(string Name, string Value)> OfRelation(RelationNode node, string? layer)
    {
        if (layer is not null)
            yield return ("layer", layer);
        yield return ("engine", EngineOf(node));
        if (node is not ModelNode { Config.Materialized: Materialization.Ephemeral })
            yield return ("relation", node.Relation.ToString());
    }

    private static IEnumerable<(string Name, string Value)> OfModel(ModelNode model) =>
        [
            .. OfRelation(model, model.Layer),
            ("materialized", model.Config.Materialized.ToString().ToLowerInvariant()),
            ("publish", Publish(model.Config.Publish)),
        ];

    private static IEnumerable<(string Name, string Value)> OfSource(SourceNode source)
    {
        yield return ("engine", EngineOf(source));
        if (source.Files is { } files)
        {
            yield return ("files", files.Path);
            yield return ("format", FormatOf(files.Format));
            if (files.HivePartitions)
                yield return ("hive_partitions", "true");
        }
        else
        {
            yield return ("relation", source.Relation.ToString());
        }
        if (source.EventTime is { } eventTime)
            yield return ("event_time", eventTime);
        if (source.Freshness is not { } freshness)
            yield break;
        if (freshness.WarnAfter is { } warn)
            yield return ("warns when older than", warn.ToString());
        if (freshness.ErrorAfter is { } error)
            yield return ("fails when older than", error.ToString());
        if (freshness.LoadedAt is { } loadedAt)
            yield return ("loaded_at_field", loadedAt);
        if (freshness.LoadedAtQuery is { } query)
            yield return ("loaded_at_query", query);
        if (freshness.Filter is { } filter)
            yield return ("freshness filter", filter);
    }

    private static IEnumerable<(string Name, string Value)> OfExposure(ExposureNode exposure)
    {
        yield return ("type", exposure.Kind);
        if (exposure.Owner is { } owner)
            yield return ("owner", owner);
    }

    // a connection need not be called what its engine is
    private static string EngineOf(RelationNode node)
    {
        var engine = node.Engine.ToString().ToLowerInvariant();
        return node.Connection == engine ? engine : $"{engine} ({node.Connection})";
    }

    private static string Publish(PublishMode mode) =>
        mode == PublishMode.Run ? "together with the layer" : "by itself";

    private static string FormatOf(FileFormat format) =>
        format == FileFormat.JsonLines ? "json_lines" : format.ToString().ToLowerInvariant();

    private static string Text(object? value) =>
        value switch
        {
            null => "",
            string text => text,
            // a list of names reads well without brackets
            System.Collections.IList list when list.Cast<object?>().All(item => item is string) =>
                string.Join(", ", list.Cast<object?>()),
            _ => TestWords.Value(value),
        };
}
