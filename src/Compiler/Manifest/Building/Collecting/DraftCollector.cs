using System.Collections.Immutable;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest.Building.Checks;
using Strata.Compiler.Project;
using Strata.Compiler.Project.Configuration;
using Strata.Compiler.Project.Configuration.Entries;
using Strata.Compiler.Project.Properties;
using Strata.Compiler.Project.Yaml;
using Strata.Compiler.Text;

namespace Strata.Compiler.Manifest.Building.Collecting;

/// <summary>Brings together what several files say about one node.</summary>
internal sealed class DraftCollector(ParsedProject project, LayerTable layers, DiagnosticBag diagnostics)
{
    // models and seeds are both found by ref, so they share their names
    private readonly Dictionary<string, SourceSpan> _names = new(StringComparer.Ordinal);

    public Drafts Collect()
    {
        var models = Patches("model", file => file.Models, project.Models.Select(model => model.Name));
        var snapshots = new SnapshotDrafts(project, layers, diagnostics);
        var seeds = Patches("seed", file => file.Seeds, project.Seeds.Select(seed => seed.Name));
        ReportUnusedFolders();
        return new Drafts
        {
            Models =
            [
                .. project
                    .Models.Where(model => Claim(model.Name, model.Source, "model"))
                    .Select(model => ToDraft(model, models.GetValueOrDefault(model.Name))),
                .. snapshots.Collect(Claim),
            ],
            Seeds =
            [
                .. project
                    .Seeds.Where(seed => Claim(seed.Name, seed.Source, "seed"))
                    .Select(seed => ToDraft(seed, seeds.GetValueOrDefault(seed.Name))),
            ],
            Sources = CollectSources(),
        };
    }

    private void ReportUnusedFolders()
    {
        var file = project.File;
        Report(file.Models, "models", project.Models.Select(model => PathOf(model.Path, model.Name)));
        Report(file.Seeds, "seeds", project.Seeds.Select(seed => PathOf(seed.Path, seed.Name)));
        // what a YAML file that cannot be read declares is not known
        if (!project.IsComplete)
            return;
        Report(
            file.Sources,
            "sources",
            project.Properties.SelectMany(properties =>
                properties.Sources.SelectMany(source =>
                    source.Tables.Select(table =>
                        FoldersOf(properties.File).Add(source.Name?.Text ?? "").Add(table.Name?.Text ?? "")
                    )
                )
            )
        );
        Report(
            file.Tests,
            "tests",
            project
                .SingularTests.Select(test => PathOf(test.Path, test.Name))
                .Concat(project.Properties.Select(properties => FoldersOf(properties.File)))
        );

        static ImmutableArray<string> PathOf(ProjectPath path, string name) => path.Folders.Add(name);

        void Report(FolderDefaults defaults, string kind, IEnumerable<ImmutableArray<string>> paths) =>
            UnusedFolders.Report(defaults, kind, project.Name, paths, diagnostics);
    }

    private ModelDraft ToDraft(ParsedTemplate file, RelationDeclaration? patch)
    {
        var layer = layers.Find(file.Path.Path, out var layerDefaults);
        var folders = file.Path.Folders;
        var defaults = project.File.Models.Resolve(project.Name, [.. folders, file.Name]);
        var config = (patch?.Config ?? ConfigSet.Empty).Over(defaults.Over(layerDefaults));
        var id = $"model.{project.Name}.{file.Name}";
        return new ModelDraft(id, file, layer, config, patch, [project.Name, .. folders, file.Name]);
    }

    private SeedDraft ToDraft(ParsedSeed file, RelationDeclaration? patch)
    {
        var folders = file.Path.Folders;
        var layer = folders.IsEmpty ? null : layers.FindByName(folders[0]);
        var defaults = project.File.Seeds.Resolve(project.Name, [.. folders, file.Name]);
        var config = (patch?.Config ?? ConfigSet.Empty).Over(defaults);
        var id = $"seed.{project.Name}.{file.Name}";
        return new SeedDraft(id, file, layer, config, patch, [project.Name, .. folders, file.Name]);
    }

    private ImmutableArray<SourceDraft> CollectSources()
    {
        var drafts = ImmutableArray.CreateBuilder<SourceDraft>();
        var seen = new Dictionary<(string, string), SourceSpan>();
        foreach (var (file, source) in project.Properties.SelectMany(f => f.Sources.Select(s => (f, s))))
        {
            foreach (var table in source.Tables)
            {
                if (source.Name is not { } sourceName || table.Name is not { } name)
                    continue;
                if (!seen.TryAdd((sourceName.Text, name.Text), name.Span))
                {
                    diagnostics.Add(
                        ProjectDiagnostics.DescribedTwice(
                            "source",
                            $"{sourceName.Text}.{name.Text}",
                            seen[(sourceName.Text, name.Text)],
                            name.Span
                        )
                    );
                    continue;
                }
                drafts.Add(ToDraft(file, source, sourceName, table, name));
            }
        }
        return drafts.ToImmutable();
    }

    private SourceDraft ToDraft(
        PropertiesFile file,
        SourceDeclaration source,
        YamlScalar sourceName,
        SourceTableDeclaration table,
        YamlScalar name
    )
    {
        var folders = FoldersOf(file.File);
        var defaults = project.File.Sources.Resolve(project.Name, [.. folders, sourceName.Text, name.Text]);
        return new SourceDraft(
            $"source.{project.Name}.{sourceName.Text}.{name.Text}",
            sourceName.Text,
            name.Text,
            source,
            table,
            table.Config.Over(source.Config.Over(defaults)),
            [project.Name, .. folders, sourceName.Text, name.Text],
            name.Span
        );
    }

    private Dictionary<string, RelationDeclaration> Patches(
        string kind,
        Func<PropertiesFile, ImmutableArray<RelationDeclaration>> pick,
        IEnumerable<string> known
    )
    {
        var names = known.ToHashSet(StringComparer.Ordinal);
        var patches = new Dictionary<string, RelationDeclaration>(StringComparer.Ordinal);
        foreach (var declaration in project.Properties.SelectMany(file => pick(file)))
        {
            if (declaration.Name is not { } name)
                continue;
            if (!names.Contains(name.Text))
            {
                if (project.IsComplete)
                    diagnostics.Add(ProjectDiagnostics.DescribesNothing(name.Span, kind, name.Text, names));
            }
            else if (!patches.TryAdd(name.Text, declaration))
            {
                var first = patches[name.Text].Name?.Span ?? patches[name.Text].Span;
                diagnostics.Add(ProjectDiagnostics.DescribedTwice(kind, name.Text, first, name.Span));
            }
        }
        return patches;
    }

    private bool Claim(string name, SourceText file, string kind)
    {
        var span = file.Span(0, 0);
        if (name.Length == 0 || name.Contains('.') || name.Any(char.IsWhiteSpace))
        {
            diagnostics.Add(ProjectDiagnostics.BadName(span, $"a {kind}", name));
            return false;
        }
        if (_names.TryAdd(name, span))
            return true;
        diagnostics.Add(ProjectDiagnostics.SameName(kind, name, _names[name], span));
        return false;
    }

    /// <summary>The folders of a file below its root.</summary>
    public static ImmutableArray<string> FoldersOf(SourceText file)
    {
        var parts = file.Path.Split('/');
        return parts.Length <= 2 ? [] : [.. parts[1..^1]];
    }
}
