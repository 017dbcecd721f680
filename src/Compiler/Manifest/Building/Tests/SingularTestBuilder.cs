using System.Collections.Immutable;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest.Building.Checks;
using Strata.Compiler.Manifest.Building.Fingerprints;
using Strata.Compiler.Manifest.Tests;
using Strata.Compiler.Project;
using Strata.Compiler.Project.Configuration;
using Strata.Compiler.Project.Configuration.Settings;
using Strata.Compiler.Project.Properties;
using Strata.Compiler.Rendering;
using Strata.Compiler.Rendering.Linking;
using Strata.Compiler.Sql;

namespace Strata.Compiler.Manifest.Building.Tests;

/// <summary>Makes a node of every test that is a SQL file.</summary>
internal sealed class SingularTestBuilder(BuildContext context, FileLoop loop)
{
    public IEnumerable<TestNode> Build()
    {
        var patches = Patches();
        var names = new Dictionary<string, ParsedTemplate>(StringComparer.Ordinal);
        foreach (var file in context.Project.SingularTests)
        {
            if (!names.TryAdd(file.Name, file))
                context.Diagnostics.Add(
                    ProjectDiagnostics.SameName(
                        "test",
                        file.Name,
                        names[file.Name].Source.Span(0, 0),
                        file.Source.Span(0, 0)
                    )
                );
        }
        return loop.Select([.. names.Values], file => Build(file, patches.GetValueOrDefault(file.Name)))
            .OfType<TestNode>();
    }

    private TestNode? Build(ParsedTemplate file, SingularTestDeclaration? patch)
    {
        var diagnostics = new DiagnosticBag();
        SqlChecks.CheckCharacters(file.Source, diagnostics);
        var folders = file.Path.Folders;
        var defaults = context.Project.File.Tests.Resolve(context.Project.Name, [.. folders, file.Name]);
        var weaker = (patch?.Config ?? ConfigSet.Empty).Over(defaults);
        var layer = context.Layers.Default;
        var (connection, dialect) = context.Layers.Connect(null, layer, default, diagnostics);
        var binding = new NodeBinding
        {
            Name = file.Name,
            Place = new NodePlace(connection, dialect, new RelationName(layer.Schema, file.Name)),
        };
        // where it runs depends on what it reads, and a template may ask for its engine: find out, then render
        var draft = context.Renderer.Render(file.Template, binding, new DiagnosticBag());
        var config = TestSettings.Block.Named(draft.Config).Over(weaker);
        var settings = TestSettings.Block.Convert(config, diagnostics);
        if (!settings.Config.Enabled)
            return null;
        if (settings.Config.Severity == TestSeverity.Quarantine)
            diagnostics.Add(
                QuarantineRules.ForQuery(config.Find("severity")?.Span ?? file.Source.Span(0, 0))
            );
        var place = PlaceOf(file, draft, settings, config, binding.Place, diagnostics);
        var sql = context.Renderer.Render(file.Template, binding with { Place = place }, diagnostics);
        SqlChecks.CheckQuery(sql, $"test '{file.Name}'", file.Source.Span(0, 0), diagnostics);
        context.Diagnostics.AddRange(diagnostics.ToSorted());
        ReferenceChecks.Check(sql, context);
        var query = context.Linker.Link(sql, place.Connection, place.Dialect);
        var node = new TestNode
        {
            UniqueId = $"test.{context.Project.Name}.{file.Name}",
            Name = file.Name,
            Fqn = [context.Project.Name, .. folders, file.Name],
            Path = file.Path.Path,
            PatchPath = patch?.Span.File.Path,
            Description = patch?.Description ?? "",
            Tags = [.. settings.Tags.Distinct().Order(StringComparer.Ordinal)],
            Meta = settings.Meta,
            ConfigValues = config.ToValues(),
            DependsOn =
            [
                .. sql
                    .Slots.Select(slot => slot.NodeId)
                    .OfType<string>()
                    .Distinct()
                    .Order(StringComparer.Ordinal),
            ],
            Declaration = file.Source.Span(0, 0),
            Connection = place.Connection,
            Engine = place.Dialect.Engine,
            Config = settings.Config,
            Query = query,
            Macros = [.. context.Project.Macros.Closure(file.Template.Facts, place.Dialect.Name)],
            Included = TemplateReach.FilesOf(file.Template, place.Dialect.Name, context),
            Fingerprint = "",
        };
        TestSettingChecks.Check(
            node,
            config,
            draft.Config.Over(patch?.Config ?? ConfigSet.Empty),
            isQuery: true,
            context.Diagnostics
        );
        return node with { Fingerprint = GenericTestBuilder.FingerprintOf(node, query) };
    }

    // on the connection of what it reads; of several, the one of the last layer, to which the others are copied
    private NodePlace PlaceOf(
        ParsedTemplate file,
        SlottedSql draft,
        TestSettings settings,
        ConfigSet config,
        NodePlace otherwise,
        DiagnosticBag diagnostics
    )
    {
        if (settings.Engine is { } engine)
        {
            var span = config.Find("engine")?.Span ?? file.Source.Span(0, 0);
            var (connection, dialect) = context.Layers.Connect(
                engine,
                context.Layers.Default,
                span,
                diagnostics
            );
            return otherwise with { Connection = connection, Dialect = dialect };
        }
        var parents = draft
            .Slots.Select(slot => slot.NodeId)
            .OfType<string>()
            .Select(id => context.Places.GetValueOrDefault(id))
            .OfType<NodePlace>()
            .OrderByDescending(place => context.Layers.OrderOf(place.Connection))
            .ThenBy(place => place.Connection, StringComparer.Ordinal)
            .FirstOrDefault();
        if (parents is not null)
            return otherwise with { Connection = parents.Connection, Dialect = parents.Dialect };
        if (!draft.HasErrors && !file.Template.HasErrors && draft.Slots.IsEmpty)
            diagnostics.Add(ReferenceDiagnostics.NoConnection(file.Source.Span(0, 0), file.Name));
        return otherwise;
    }

    private Dictionary<string, SingularTestDeclaration> Patches()
    {
        var known = context.Project.SingularTests.Select(test => test.Name).ToHashSet(StringComparer.Ordinal);
        var patches = new Dictionary<string, SingularTestDeclaration>(StringComparer.Ordinal);
        foreach (var declaration in context.Project.Properties.SelectMany(file => file.Tests))
        {
            if (declaration.Name is not { } name)
                continue;
            // dbt describes generic tests here, too
            if (context.Project.GenericTests.Contains(name.Text))
                continue;
            if (!known.Contains(name.Text))
                context.Diagnostics.Add(
                    ProjectDiagnostics.DescribesNothing(name.Span, "test", name.Text, known)
                );
            else if (!patches.TryAdd(name.Text, declaration))
                context.Diagnostics.Add(
                    ProjectDiagnostics.DescribedTwice(
                        "test",
                        name.Text,
                        patches[name.Text].Name?.Span ?? patches[name.Text].Span,
                        name.Span
                    )
                );
        }
        return patches;
    }
}
