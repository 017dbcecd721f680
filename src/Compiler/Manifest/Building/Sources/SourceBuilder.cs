using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest.Building.Collecting;
using Strata.Compiler.Manifest.Building.Fingerprints;
using Strata.Compiler.Project.Configuration;
using Strata.Compiler.Project.Configuration.Settings;
using Strata.Compiler.Rendering;
using Strata.Compiler.Sql;

namespace Strata.Compiler.Manifest.Building.Sources;

/// <summary>Makes a node of every table of a source.</summary>
internal sealed class SourceBuilder(LayerTable layers, DiagnosticBag diagnostics)
{
    public NodePlace PlaceOf(SourceDraft draft)
    {
        var engine = draft.Source.Engine;
        var (connection, dialect) = layers.Connect(
            engine?.Text,
            layers.Default,
            engine?.Span ?? draft.Declaration,
            diagnostics
        );
        var relation = new RelationName(
            draft.Source.Schema ?? draft.SourceName,
            draft.Table.Identifier ?? draft.Name
        );
        return new NodePlace(connection, dialect, relation);
    }

    public SourceNode Build(SourceDraft draft, NodePlace place)
    {
        var settings = SourceSettings.Block.Convert(draft.Config, diagnostics);
        var node = new SourceNode
        {
            UniqueId = draft.Id,
            Name = draft.Name,
            SourceName = draft.SourceName,
            Fqn = draft.Fqn,
            Path = draft.Declaration.File.Path,
            Description = draft.Table.Description,
            Tags = [.. settings.Tags.Distinct().Order(StringComparer.Ordinal)],
            Meta = settings.Meta,
            ConfigValues = draft.Config.ToValues(),
            Declaration = draft.Declaration,
            Connection = place.Connection,
            Engine = place.Dialect.Engine,
            Relation = place.Relation,
            Columns = [.. draft.Table.Columns.Where(c => c.Name is not null).Select(c => c.ToInfo())],
            Files = FilesBuilder.Build(draft.Table, diagnostics),
            FilesText = draft.Table.Files?.Span.Text ?? "",
            Freshness = SourceFreshnessBuilder.Build(draft, settings, diagnostics),
            EventTime = settings.EventTime,
            Fingerprint = "",
        };
        return node with { Fingerprint = FingerprintOf(node) };
    }

    public static bool IsEnabled(SourceDraft draft) =>
        draft.Config.FindText("enabled") is not { } text
        || !text.Equals("false", StringComparison.OrdinalIgnoreCase);

    private static string FingerprintOf(SourceNode node)
    {
        using var fingerprint = new Fingerprint();
        fingerprint.Add("relation", [node.Connection, node.Relation.Schema, node.Relation.Name]);
        if (node.Files is { } files)
            FilesBuilder.AddTo(fingerprint, files);
        return fingerprint.Compute();
    }
}
