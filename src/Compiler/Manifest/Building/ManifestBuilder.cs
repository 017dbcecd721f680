using System.Collections.Immutable;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Library;
using Strata.Compiler.Manifest.Building.Checks;
using Strata.Compiler.Manifest.Building.Collecting;
using Strata.Compiler.Manifest.Building.Models;
using Strata.Compiler.Manifest.Building.Sources;
using Strata.Compiler.Manifest.Building.Tests;
using Strata.Compiler.Manifest.Building.UnitTests;
using Strata.Compiler.Project;
using Strata.Compiler.Project.Properties;
using Strata.Compiler.Rendering;
using Strata.Compiler.Rendering.Functions;
using Strata.Compiler.Rendering.Introspection;
using Strata.Compiler.Rendering.Linking;
using Strata.Compiler.Sql;
using Strata.Compiler.Templating;
using Strata.Compiler.Text;

namespace Strata.Compiler.Manifest.Building;

/// <summary>Relates the parsed files to each other: renders, resolves, and puts the nodes in order.</summary>
internal sealed class ManifestBuilder(
    ParsedProject project,
    CompileRequest request,
    FileLoop loop,
    Repeatability repeatability,
    DiagnosticBag diagnostics,
    CancellationToken cancellation
)
{
    private readonly ProjectTemplateLoader _includes = new(project.Folder, repeatability, diagnostics);

    /// <summary>The files that templates included, once <see cref="Build"/> has run.</summary>
    public ImmutableArray<string> Included => _includes.Loaded;

    /// <summary>Renders models again while they are built; set by <see cref="Build"/>.</summary>
    public IRunTimeRenderer? Renderer { get; private set; }

    /// <summary>The compiled query of the request, once <see cref="Build"/> has run.</summary>
    public InlineQuery? Query { get; private set; }

    /// <summary>The manifest; null when there are errors.</summary>
    public ProjectManifest? Build()
    {
        var layers = new LayerTable(project.File, project.Target, diagnostics);
        var drafts = new DraftCollector(project, layers, diagnostics).Collect();
        var resolver = ResolverOf(drafts);

        var places = new Dictionary<string, NodePlace>(StringComparer.Ordinal);
        var sources = new SourceBuilder(layers, diagnostics);
        foreach (var draft in drafts.Sources)
            places[draft.Id] = sources.PlaceOf(draft);
        var seeds = new SeedBuilder(layers, diagnostics);
        var seedSettings = drafts.Seeds.Select(seeds.Settle).ToImmutableArray();
        for (var i = 0; i < drafts.Seeds.Length; i++)
            places[drafts.Seeds[i].Id] = seedSettings[i].Place;
        var compiler = new ModelCompiler(layers, loop);
        foreach (
            var (id, place) in loop.Select(drafts.Models, draft => (draft.Id, compiler.Provisional(draft)))
        )
            places[id] = place;

        var renderer = RendererOf(resolver, places);
        var models = compiler.Render(drafts.Models, renderer, places);
        Report(models);

        var (linker, timelessLinker) = LinkersOf(models, places);
        var context = new BuildContext(
            project,
            layers,
            resolver,
            renderer.WithPlaces(places),
            linker,
            timelessLinker,
            places,
            DisabledOf(models, drafts, seedSettings),
            request.Tests,
            _includes,
            diagnostics
        );
        var modelBuilder = new ModelBuilder(context);
        var enabled = models.Where(model => model.IsEnabled).ToImmutableArray();
        Renderer = new RunTimeRenderer(context, enabled);
        var nodes = ImmutableSortedDictionary.CreateBuilder<string, Node>(StringComparer.Ordinal);
        foreach (var node in loop.Select(enabled, modelBuilder.Build))
            nodes.Add(node.UniqueId, node);
        for (var i = 0; i < drafts.Seeds.Length; i++)
        {
            if (seedSettings[i].Settings.Enabled)
                nodes.Add(
                    drafts.Seeds[i].Id,
                    SeedBuilder.Build(drafts.Seeds[i], seedSettings[i].Settings, seedSettings[i].Place)
                );
        }
        foreach (var draft in drafts.Sources.Where(SourceBuilder.IsEnabled))
            nodes.Add(draft.Id, sources.Build(draft, places[draft.Id]));
        AddTests(nodes, drafts, context);
        QuarantineRules.AddToFingerprints(nodes);
        foreach (var test in new UnitTestBuilder(context, enabled, nodes).Build().ToList())
            nodes.Add(test.UniqueId, test);
        foreach (var exposure in new ExposureBuilder(context).Build())
            nodes.Add(exposure.UniqueId, exposure);

        var all = nodes.ToImmutable();
        // the checks go through all of them, and look each other's up: an array and a plain dictionary are several times faster
        var every = all.Values.ToImmutableArray();
        var known = every.ToDictionary(node => node.UniqueId, StringComparer.Ordinal);
        Node? Find(string id) => known.GetValueOrDefault(id);
        var byId = enabled.ToDictionary(model => model.Draft.Id, StringComparer.Ordinal);
        var graph = GraphBuilder.Build(
            all,
            (reader, read) =>
                byId.TryGetValue(reader, out var model) ? modelBuilder.PlaceOfReference(model, read) : null,
            diagnostics
        );
        MicrobatchChecks.CheckInputs(every, Find, byId, diagnostics);
        IncrementalReadChecks.Check(every, Find, diagnostics);
        TimeChecks.Check(every, Find, diagnostics);
        GraphBuilder.CheckRelations(every, diagnostics);
        TestedColumnChecks.Check(every, Find, loop, diagnostics);
        SchemaNameChecks.Check(every, project.Target.Connections, diagnostics);
        GraphBuilder.CheckQuarantines(every, Find, diagnostics);
        GraphBuilder.CheckReplicas(every, Find, diagnostics);
        GraphBuilder.CheckNames(every, diagnostics);
        var hooks = new RunHookBuilder(context);
        var onRunStart = hooks.Build(project.File.OnRunStart);
        var onRunEnd = hooks.Build(project.File.OnRunEnd);
        if (request.InlineQuery is { } query)
            Query = new InlineQueryBuilder(context).Build(query, request.InlineConnection);
        if (graph is null || diagnostics.HasErrors)
            return null;
        UnreadVariables.Report(project, request.Vars.Keys, diagnostics);
        return new ProjectManifest
        {
            ProjectName = project.Name,
            ProjectFolder = project.Folder,
            TargetName = project.Target.Name,
            Connections = project.Target.Connections,
            Layers = layers.Configs,
            TestResults = project.File.TestResults,
            Retention = project.File.Retention,
            Macros = project.Macros.Macros.ToImmutableSortedDictionary(
                macro => macro.Name,
                macro => new MacroInfo(
                    macro.Name,
                    macro.Definition,
                    macro.Calls,
                    project.GenericTests.Contains(macro.Name)
                )
                {
                    IsInTheBox = MacrosInTheBox.Holds(macro.Definition.File),
                },
                StringComparer.Ordinal
            ),
            OnRunStart = onRunStart,
            OnRunEnd = onRunEnd,
            Nodes = all,
            Disabled = context.Disabled.Keys.ToImmutableSortedSet(StringComparer.Ordinal),
            Graph = graph,
        };
    }

    private ReferenceResolver ResolverOf(Drafts drafts)
    {
        var refs = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var draft in drafts.Models)
            refs[draft.Name] = draft.Id;
        foreach (var draft in drafts.Seeds)
            refs[draft.Name] = draft.Id;
        return new ReferenceResolver(
            project.Name,
            refs.ToImmutable(),
            drafts.Sources.ToImmutableSortedDictionary(
                draft => (draft.SourceName, draft.Name),
                draft => draft.Id
            ),
            project.IsComplete
        );
    }

    private NodeRenderer RendererOf(ReferenceResolver resolver, Dictionary<string, NodePlace> places)
    {
        var functions = new ReferenceFunctions(resolver)
            .All.Concat(project.Functions.Values)
            .Concat(project.Functions.NodeFunctions)
            .Concat(DatabaseFunctions.All)
            .Select(function => KeyValuePair.Create(function.Name, (object?)function));
        var scope = project.Macros.ToScope(TemplateScope.Create(functions));
        return new NodeRenderer(
            scope,
            new UnknownNames(resolver, scope),
            new TargetValues(project.Target.Name),
            RenderOptions.Default with
            {
                Limits = project.File.Templates.Limits,
                Loader = _includes,
                OnUnrepeatable = repeatability.Lose,
                Placeholders = RelationSentinel.Placeholders,
            },
            project.Functions.Now,
            places,
            cancellation
        );
    }

    // while macros are missing because their file is broken, nobody can say that a name is unknown
    private void Report(ImmutableArray<RenderedModel> models)
    {
        foreach (var model in models)
        {
            diagnostics.AddRange(
                model.Diagnostics.Where(diagnostic =>
                    (model.IsEnabled || diagnostic.Code.StartsWith("ST1", StringComparison.Ordinal))
                    && (project.HasAllMacros || !diagnostic.Code.StartsWith("ST2", StringComparison.Ordinal))
                )
            );
        }
    }

    /// <summary>The one for what runs, and the one for what fingerprints are made of.</summary>
    private static (SqlLinker Linker, SqlLinker Timeless) LinkersOf(
        ImmutableArray<RenderedModel> models,
        Dictionary<string, NodePlace> places
    )
    {
        var ephemerals = models.Where(model => model.Place.IsEphemeral).ToList();
        var names = ephemerals.ToDictionary(
            model => model.Draft.Id,
            model => model.Draft.Name,
            StringComparer.Ordinal
        );
        var linker = Of(model => model.Full.Sql);
        return ephemerals.Exists(model => model.Full.HasReadClock)
            ? (linker, Of(model => model.Full.Timeless))
            : (linker, linker);

        SqlLinker Of(Func<RenderedModel, SlottedSql> text) =>
            new(
                places,
                ephemerals.ToDictionary(model => model.Draft.Id, text, StringComparer.Ordinal),
                names
            );
    }

    private static Dictionary<string, string> DisabledOf(
        ImmutableArray<RenderedModel> models,
        Drafts drafts,
        ImmutableArray<(Project.Configuration.Settings.SeedSettings Settings, NodePlace Place)> seeds
    )
    {
        var disabled = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var model in models.Where(model => !model.IsEnabled))
            disabled[model.Draft.Id] = $"model '{model.Draft.Name}'";
        for (var i = 0; i < seeds.Length; i++)
        {
            if (!seeds[i].Settings.Enabled)
                disabled[drafts.Seeds[i].Id] = $"seed '{drafts.Seeds[i].Name}'";
        }
        foreach (var source in drafts.Sources.Where(source => !SourceBuilder.IsEnabled(source)))
            disabled[source.Id] = $"source '{source.SourceName}.{source.Name}'";
        return disabled;
    }

    private void AddTests(
        ImmutableSortedDictionary<string, Node>.Builder nodes,
        Drafts drafts,
        BuildContext context
    )
    {
        ImmutableArray<TestedRelation> relations =
        [
            .. drafts
                .Models.Select(draft => (draft.Id, draft.Patch))
                .Concat(drafts.Seeds.Select(draft => (draft.Id, draft.Patch)))
                .Select(draft =>
                    draft.Patch is { } patch && nodes.GetValueOrDefault(draft.Id) is RelationNode node
                        ? TestedRelation.Of(node, patch)
                        : null
                )
                .OfType<TestedRelation>(),
            .. drafts
                .Sources.Select(draft =>
                    nodes.GetValueOrDefault(draft.Id) is RelationNode node
                        ? TestedRelation.Of(node, draft)
                        : null
                )
                .OfType<TestedRelation>(),
        ];
        var generic = new GenericTestBuilder(context);
        var built = loop.Select(relations, generic.Build);
        var clock = new TestClock(context.Tests, nodes);
        var tests = generic
            .Register(built.SelectMany(some => some))
            .Concat(new SingularTestBuilder(context, loop).Build());
        foreach (var test in tests)
            nodes.Add(test.UniqueId, clock.IsRead(test) ? test with { ReadsClock = true } : test);
    }
}
