using Strata.Compiler.Templating;

namespace Strata.Compiler.Manifest.Building;

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
        var macros = context.Project.Macros;
        var called = new SortedSet<string>(StringComparer.Ordinal);
        var asked = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var files = new SortedDictionary<string, Template>(StringComparer.Ordinal);
        var open = new Stack<Template>([template]);
        while (open.TryPop(out var next))
        {
            var closure = macros.Closure(next.Facts, model.Place.Dialect.Name);
            called.UnionWith(closure);
            var calls = next.Facts.Calls.Concat(macros.CallsOf(closure)).ToList();
            foreach (var (name, value) in context.Project.Functions.Asked(calls))
                asked[name] = ValueText.Of(value);
            foreach (var call in calls.Where(call => call.Name is "include" or "include_join"))
            {
                if (
                    call.Arguments is [{ IsConstant: true, Value: string name }, ..]
                    && !files.ContainsKey(name)
                    && context.Includes.Load(name) is { } included
                )
                {
                    files.Add(name, included);
                    open.Push(included);
                }
            }
        }
        fingerprint
            .Add("template", template.Source.Text)
            .Add("asked", asked.SelectMany(pair => new[] { pair.Key, pair.Value }))
            .Add("included", files.SelectMany(pair => new[] { pair.Key, pair.Value.Source.Text }));
        return called;
    }
}
