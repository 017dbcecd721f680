using System.Collections.Immutable;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Project;
using Strata.Compiler.Project.Configuration;
using Strata.Compiler.Project.Properties;
using Strata.Compiler.Project.Yaml;
using Strata.Compiler.Templating;
using Strata.Compiler.Text;

namespace Strata.Compiler.Manifest.Building.Collecting;

/// <summary>
/// Finds snapshots: files of snapshots/, and entries of YAML files that name the relation whose history is kept. The
/// latter are queries too, <c>select * from</c> that relation.
/// </summary>
internal sealed class SnapshotDrafts(ParsedProject project, LayerTable layers, DiagnosticBag diagnostics)
{
    /// <param name="claim">Takes a name, unless another node has it.</param>
    public IEnumerable<ModelDraft> Collect(Func<string, SourceText, string, bool> claim)
    {
        var files = project.Snapshots.ToDictionary(file => file.Name, StringComparer.Ordinal);
        var patches = new Dictionary<string, RelationDeclaration>(StringComparer.Ordinal);
        var drafts = new List<ModelDraft>();
        foreach (var declaration in project.Properties.SelectMany(file => file.Snapshots))
        {
            if (declaration.Name is not { } name)
                continue;
            if (declaration.Relation is { } relation)
            {
                if (claim(name.Text, name.Span.File, "snapshot"))
                    drafts.Add(Draft(TemplateOf(name, relation), declaration));
            }
            else if (!files.ContainsKey(name.Text))
                diagnostics.Add(
                    ProjectDiagnostics.DescribesNothing(name.Span, "snapshot", name.Text, [.. files.Keys])
                );
            else if (!patches.TryAdd(name.Text, declaration))
                diagnostics.Add(
                    ProjectDiagnostics.DescribedTwice(
                        "snapshot",
                        name.Text,
                        patches[name.Text].Span,
                        name.Span
                    )
                );
        }
        foreach (var file in project.Snapshots.Where(file => claim(file.Name, file.Source, "snapshot")))
            drafts.Add(Draft(file, patches.GetValueOrDefault(file.Name)));
        return drafts;
    }

    private ModelDraft Draft(ParsedTemplate file, RelationDeclaration? declaration)
    {
        var folders = file.Path.Folders;
        return new ModelDraft(
            $"snapshot.{project.Name}.{file.Name}",
            file,
            folders.IsEmpty ? null : layers.FindByName(folders[0]),
            declaration?.Config ?? ConfigSet.Empty,
            declaration,
            [project.Name, .. folders, file.Name]
        )
        {
            IsSnapshot = true,
        };
    }

    private ParsedTemplate TemplateOf(YamlScalar name, YamlScalar relation)
    {
        var isReference = ReferenceText.Parse(relation.Text) is not null;
        if (!isReference)
            diagnostics.Add(ReferenceDiagnostics.BadReference(relation.Span, relation.Text));
        var path = name.Span.File.Path;
        var root = path[..path.IndexOf('/', StringComparison.Ordinal)];
        return new ParsedTemplate(
            new ProjectPath(root, path[(root.Length + 1)..]),
            Template.Parse(new SourceText(path, isReference ? TextOf(relation) : "select 1"))
        )
        {
            Name = name.Text,
            Place = name.Span,
        };
    }

    /// <summary>
    /// The query, with the reference at the very line and column at which it stands in the YAML file: what is
    /// wrong with it is then shown there.
    /// </summary>
    private static string TextOf(YamlScalar relation)
    {
        var reference = relation.Text.Trim().Trim('{', '}').Trim();
        var start =
            relation.Span.Span.Start + relation.Span.Text.IndexOf(reference, StringComparison.Ordinal);
        var before = relation
            .Span.File.Text[..Math.Max(start, 0)]
            .Select(c => c is '\n' or '\r' ? c : ' ')
            .ToArray();
        var from = 0;
        foreach (var word in (ReadOnlySpan<string>)["select", "*", "from", "{{"])
        {
            while (
                from + word.Length <= before.Length
                && before.AsSpan(from, word.Length).ContainsAny('\n', '\r')
            )
                from++;
            word.CopyTo(before.AsSpan(from));
            from += word.Length + 1;
        }
        return new string(before) + reference + " }}";
    }
}
