using Strata.Compiler.Manifest.Building.Models;
using Strata.Compiler.Templating;

namespace Strata.Compiler.Manifest.Building.Fingerprints;

/// <summary>
/// The part of a fingerprint that stands for the text of a model which asks its database: while the project is compiled nobody answers, so
/// that whatever depends on an answer is not rendered. What its templates say and what they read counts instead.
/// </summary>
internal static class UnrenderedFingerprint
{
    /// <returns>The macros that the templates may call.</returns>
    public static IEnumerable<string> Add(Fingerprint fingerprint, RenderedModel model, BuildContext context)
    {
        var template = model.Draft.File.Template;
        var reach = TemplateReach.Of(template, model.Place.Dialect.Name, context);
        var asked = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in context.Project.Functions.Asked(reach.Calls))
            asked[name] = ValueText.Of(value);
        fingerprint
            .Add("template", template.Source.Text)
            .Add("asked", asked.SelectMany(pair => new[] { pair.Key, pair.Value }))
            .Add("included", reach.Files.SelectMany(pair => new[] { pair.Key, pair.Value.Source.Text }));
        return reach.Macros;
    }
}
