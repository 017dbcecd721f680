using System.Collections.Immutable;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest.Building.Collecting;
using Strata.Compiler.Manifest.Models;
using Strata.Compiler.Project;
using Strata.Compiler.Project.Configuration;
using Strata.Compiler.Project.Configuration.Settings;
using Strata.Compiler.Project.Yaml;
using Strata.Compiler.Rendering;
using Strata.Compiler.Rendering.Functions;
using Strata.Compiler.Rendering.Linking;
using Strata.Compiler.Sql;
using Strata.Compiler.Templating;
using Strata.Compiler.Text;

namespace Strata.Compiler.Manifest.Building.Models;

/// <summary>Renders models and settles their configuration, which a template may have a say in.</summary>
internal sealed class ModelCompiler(LayerTable layers, FileLoop loop)
{
    /// <summary>The configuration that can be known without rendering, for what a template asks about others.</summary>
    public NodePlace Provisional(ModelDraft draft)
    {
        // what is wrong with it is reported when the template is rendered
        var unseen = new DiagnosticBag();
        var config = ModelConfigShape.Block.Named(StaticConfig(draft.File.Template)).Over(draft.Base);
        return PlaceOf(draft, SettingsOf(draft, config, unseen), unseen);
    }

    /// <param name="places">Where relations live, as far as it is known; brought up to date.</param>
    public ImmutableArray<RenderedModel> Render(
        ImmutableArray<ModelDraft> drafts,
        NodeRenderer renderer,
        Dictionary<string, NodePlace> places
    )
    {
        var rendered = loop.Select(drafts, draft => Render(draft, renderer, places[draft.Id]));
        // what a template was told about a relation may have been wrong: tell it again, and those that asked it where it lives
        // each round settles some of those that follow from others; where the same ones go on moving, they turn in a circle
        var most = rendered.Count(model => model.HasReadPlaces) + 1;
        ImmutableHashSet<string> moving = [];
        var same = 0;
        for (var round = 0; ; round++)
        {
            var moved = rendered
                .Where(model => model.Place != places[model.Draft.Id])
                .ToDictionary(model => model.Draft.Id, model => model.Place, StringComparer.Ordinal);
            if (moved.Count == 0)
                return rendered;
            same = moving.SetEquals(moved.Keys) ? same + 1 : 0;
            moving = [.. moved.Keys];
            if (same > moved.Count || round == most)
                return
                [
                    .. rendered.Select(model => moved.ContainsKey(model.Draft.Id) ? Unsettled(model) : model),
                ];
            foreach (var (id, place) in moved)
                places[id] = place;
            var informed = renderer.WithPlaces(places);
            rendered = loop.Select(
                rendered,
                model =>
                    model.HasReadPlaces || moved.ContainsKey(model.Draft.Id)
                        ? Render(model.Draft, informed, model.Place)
                        : model
            );
        }
    }

    private static RenderedModel Unsettled(RenderedModel model) =>
        model with
        {
            Diagnostics =
            [
                .. model.Diagnostics,
                ProjectDiagnostics.PlaceDependsOnItself(model.Draft.Declaration, model.Draft.Name),
            ],
        };

    private RenderedModel Render(ModelDraft draft, NodeRenderer renderer, NodePlace place)
    {
        var diagnostics = new DiagnosticBag();
        var template = draft.File.Template;
        SqlChecks.CheckCharacters(template.Source, diagnostics);
        var binding = new NodeBinding
        {
            NodeId = draft.Id,
            Name = draft.Name,
            Place = place,
            Layer = draft.Layer?.Name,
            MayAskDatabase = true,
        };
        var full = Render(template, binding, renderer, diagnostics);
        var config = ModelConfigShape.Block.Named(full.Sql.Config).Over(draft.Base);
        var settings = SettingsOf(draft, config, diagnostics);
        RenderedSql? incremental = null;
        if (settings.Config.Materialized is Materialization.Incremental or Materialization.Cdc)
            incremental = Render(template, binding with { IsIncremental = true }, renderer, diagnostics);
        return new RenderedModel(
            draft,
            config,
            settings,
            PlaceOf(draft, settings, diagnostics),
            binding,
            full
        )
        {
            Incremental = incremental,
            PreHooks = RenderHooks(settings.PreHooks, binding, renderer, diagnostics),
            PostHooks = RenderHooks(settings.PostHooks, binding, renderer, diagnostics),
            Diagnostics = draft.File.Place is { } written
                ? [.. diagnostics.ToSorted().Select(found => Shown(found, template.Source, written.File))]
                : diagnostics.ToSorted(),
        };
    }

    /// <summary>What is wrong in a template that stands in YAML is shown there; it has the same lines and columns.</summary>
    private static Diagnostic Shown(Diagnostic diagnostic, SourceText template, SourceText file) =>
        diagnostic with
        {
            Span =
                diagnostic.Span is { } span && span.File == template ? file.Span(span.Span) : diagnostic.Span,
        };

    private static RenderedSql Render(
        Template template,
        NodeBinding binding,
        NodeRenderer renderer,
        DiagnosticBag diagnostics
    ) => Render(binding, diagnostics, (bound, found) => renderer.Render(template, bound, found));

    private static ImmutableArray<RenderedSql> RenderHooks(
        ImmutableArray<YamlScalar> hooks,
        NodeBinding binding,
        NodeRenderer renderer,
        DiagnosticBag diagnostics
    ) =>
        [
            .. hooks.Select(hook =>
                Render(binding, diagnostics, (bound, found) => renderer.Render(hook, bound, found))
            ),
        ];

    // text that depends on the clock is rendered once more with the clock standing still, to be compared by
    private static RenderedSql Render(
        NodeBinding binding,
        DiagnosticBag diagnostics,
        Func<NodeBinding, DiagnosticBag, SlottedSql> render
    )
    {
        var sql = render(binding, diagnostics);
        return new RenderedSql(
            sql,
            sql.HasReadClock ? render(binding with { IsTimeless = true }, new DiagnosticBag()) : sql
        );
    }

    private static ModelSettings SettingsOf(ModelDraft draft, ConfigSet config, DiagnosticBag diagnostics)
    {
        var settings = ModelConfigShape.Block.Convert(config, diagnostics);
        return draft.IsSnapshot
            ? settings with
            {
                Config = settings.Config with { Materialized = Materialization.Snapshot },
            }
            : settings;
    }

    private NodePlace PlaceOf(ModelDraft draft, ModelSettings settings, DiagnosticBag diagnostics)
    {
        var layer = draft.Layer ?? layers.Default;
        var (connection, dialect) = layers.Connect(
            settings.Engine,
            layer,
            draft.Base.Find("engine")?.Span ?? draft.Declaration,
            diagnostics
        );
        return new NodePlace(
            connection,
            dialect,
            new RelationName(settings.Schema ?? layer.Schema, settings.Alias ?? draft.Name),
            settings.Config.Materialized == Materialization.Ephemeral
        );
    }

    private static ConfigSet StaticConfig(Template template)
    {
        var config = ConfigSet.Empty;
        if (template.HasErrors)
            return config;
        foreach (var call in template.Facts.Calls)
        {
            if (call is not { Name: "config", IsConditional: false, Function: null })
                continue;
            var entries = call
                .Arguments.Where(argument => argument is { IsConstant: true, Name: not null })
                .Select(argument => new YamlMapping.Entry(
                    YamlScalar.Plain(ConfigSet.Canonical(argument.Name ?? ""), argument.Span),
                    YamlNode.FromValue(TemplateValues.ToPlain(argument.Value), argument.Span)
                ));
            config = new ConfigSet([.. entries]).Over(config);
        }
        return config;
    }
}
