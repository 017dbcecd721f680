using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest.Building.Collecting;
using Strata.Compiler.Project.Configuration;
using Strata.Compiler.Project.Configuration.Settings;
using Strata.Compiler.Project.Properties;
using Strata.Compiler.Project.Yaml;
using Strata.Compiler.Text;

namespace Strata.Compiler.Manifest.Building;

/// <summary>Makes a node of every exposure.</summary>
internal sealed class ExposureBuilder(BuildContext context)
{
    public IEnumerable<ExposureNode> Build()
    {
        var seen = new Dictionary<string, SourceSpan>(StringComparer.Ordinal);
        foreach (
            var (file, exposure) in context.Project.Properties.SelectMany(f =>
                f.Exposures.Select(e => (f, e))
            )
        )
        {
            if (exposure.Name is not { } name)
                continue;
            if (seen.TryAdd(name.Text, name.Span))
                yield return Build(file, exposure, name);
            else
                context.Diagnostics.Add(
                    ProjectDiagnostics.DescribedTwice("exposure", name.Text, seen[name.Text], name.Span)
                );
        }
    }

    private ExposureNode Build(PropertiesFile file, ExposureDeclaration exposure, YamlScalar name)
    {
        var settings = SourceSettings.Block.Convert(exposure.Config, context.Diagnostics);
        return new ExposureNode
        {
            UniqueId = $"exposure.{context.Project.Name}.{name.Text}",
            Name = name.Text,
            Fqn = [context.Project.Name, .. DraftCollector.FoldersOf(file.File), name.Text],
            Path = file.File.Path,
            Description = exposure.Description,
            Tags = [.. settings.Tags.Distinct().Order(StringComparer.Ordinal)],
            Meta = settings.Meta,
            ConfigValues = exposure.Config.ToValues(),
            DependsOn =
            [
                .. exposure
                    .DependsOn.Select(Resolve)
                    .OfType<string>()
                    .Distinct()
                    .Order(StringComparer.Ordinal),
            ],
            Declaration = name.Span,
            Kind = exposure.Kind,
            Owner = exposure.Owner,
            Url = exposure.Url,
        };
    }

    private string? Resolve(YamlScalar text)
    {
        var span = text.Span;
        var id = ReferenceText.Parse(text.Text) switch
        {
            ("source", [var source, var table]) => context.Resolver.FindSource(
                source,
                table,
                span,
                span,
                context.Diagnostics.Add
            ),
            ("ref", [var name]) => context.Resolver.FindRef(null, name, span, span, context.Diagnostics.Add),
            ("ref", [var package, var name]) => context.Resolver.FindRef(
                package,
                name,
                span,
                span,
                context.Diagnostics.Add
            ),
            _ => Unknown(text),
        };
        if (id is null || !context.Disabled.TryGetValue(id, out var what))
            return id;
        context.Diagnostics.Add(ReferenceDiagnostics.Disabled(span, what));
        return null;
    }

    private string? Unknown(YamlScalar text)
    {
        context.Diagnostics.Add(ReferenceDiagnostics.BadReference(text.Span, text.Text));
        return null;
    }
}
