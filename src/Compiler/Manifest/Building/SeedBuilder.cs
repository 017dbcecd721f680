using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest.Building.Collecting;
using Strata.Compiler.Manifest.Building.Fingerprints;
using Strata.Compiler.Manifest.Models;
using Strata.Compiler.Project.Configuration;
using Strata.Compiler.Project.Configuration.Settings;
using Strata.Compiler.Rendering;
using Strata.Compiler.Sql;

namespace Strata.Compiler.Manifest.Building;

/// <summary>Makes a node of every seed.</summary>
internal sealed class SeedBuilder(LayerTable layers, DiagnosticBag diagnostics)
{
    public (SeedSettings Settings, NodePlace Place) Settle(SeedDraft draft)
    {
        var settings = SeedSettings.Block.Convert(draft.Config, diagnostics);
        var layer = draft.Layer ?? layers.Default;
        var (connection, dialect) = layers.Connect(
            settings.Engine,
            layer,
            draft.Config.Find("engine")?.Span ?? draft.Declaration,
            diagnostics
        );
        var relation = new RelationName(settings.Schema ?? layer.Schema, settings.Alias ?? draft.Name);
        return (settings, new NodePlace(connection, dialect, relation));
    }

    public static SeedNode Build(SeedDraft draft, SeedSettings settings, NodePlace place)
    {
        var node = new SeedNode
        {
            UniqueId = draft.Id,
            Name = draft.Name,
            Fqn = draft.Fqn,
            Path = draft.File.Path.Path,
            PatchPath = draft.Patch?.Span.File.Path,
            Description = draft.Patch?.Description ?? "",
            Tags = [.. settings.Tags.Distinct().Order(StringComparer.Ordinal)],
            Meta = settings.Meta,
            ConfigValues = draft.Config.ToValues(),
            Declaration = draft.Declaration,
            Connection = place.Connection,
            Engine = place.Dialect.Engine,
            Relation = place.Relation,
            Columns =
            [
                .. (draft.Patch?.Columns ?? []).Where(c => c.Name is not null).Select(c => c.ToInfo()),
            ],
            Layer = draft.Layer?.Name,
            Source = draft.File.Source,
            Delimiter = settings.Delimiter,
            ColumnTypes = settings.ColumnTypes,
            Publish = settings.Publish ?? draft.Layer?.Publish ?? PublishMode.Model,
            Fingerprint = "",
        };
        var fingerprint = FingerprintOf(node);
        return node with { Fingerprint = fingerprint.Now, FormerFingerprints = fingerprint.Earlier };
    }

    private static NodeFingerprint FingerprintOf(SeedNode node)
    {
        using var fingerprint = new Fingerprint();
        fingerprint
            .AddRelation(node.Connection, node.Relation)
            .Add("text", node.Source.Text)
            .Add("delimiter", node.Delimiter.ToString())
            .Add("types", node.ColumnTypes.SelectMany(pair => new[] { pair.Key, pair.Value }));
        return fingerprint.ComputeAll();
    }
}
