using System.Collections.Immutable;
using Strata.Compiler.Project;
using Strata.Compiler.Templating;
using Strata.Compiler.Templating.Analysis;
using Strata.Compiler.Text;

namespace Strata.Compiler.Manifest.Building.Fingerprints;

/// <summary>What a template may call and include, as far as its text says it, through macros and included files.</summary>
internal sealed class TemplateReach
{
    private TemplateReach() { }

    /// <summary>Names of macros.</summary>
    public SortedSet<string> Macros { get; } = new(StringComparer.Ordinal);

    /// <summary>Every call, those within macros and included files among them.</summary>
    public List<TemplateCall> Calls { get; } = [];

    /// <summary>Included files by the names that they are included by.</summary>
    public SortedDictionary<string, Template> Files { get; } = new(StringComparer.Ordinal);

    /// <summary>The files that a template includes, by path.</summary>
    public static ImmutableSortedDictionary<string, SourceText> FilesOf(
        Template template,
        string dialect,
        BuildContext context
    ) =>
        // most projects have none, and need not be looked through
        context.Includes
            is ProjectTemplateLoader { HasLoaded: false }
            ? ImmutableSortedDictionary<string, SourceText>.Empty
            : Of(template, dialect, context)
                .Files.ToImmutableSortedDictionary(
                    file => file.Key,
                    file => file.Value.Source,
                    StringComparer.Ordinal
                );

    /// <param name="dialect">Whose variants of macros count.</param>
    public static TemplateReach Of(Template template, string dialect, BuildContext context)
    {
        var reach = new TemplateReach();
        var open = new Stack<Template>([template]);
        while (open.TryPop(out var next))
        {
            var closure = context.Project.Macros.Closure(next.Facts, dialect);
            reach.Macros.UnionWith(closure);
            var calls = next.Facts.Calls.Concat(context.Project.Macros.CallsOf(closure)).ToList();
            reach.Calls.AddRange(calls);
            foreach (var call in calls.Where(call => call.Name is "include" or "include_join"))
            {
                if (
                    call.Arguments is [{ IsConstant: true, Value: string name }, ..]
                    && !reach.Files.ContainsKey(name)
                    && context.Includes.Load(name) is { } included
                )
                {
                    reach.Files.Add(name, included);
                    open.Push(included);
                }
            }
        }
        return reach;
    }
}
