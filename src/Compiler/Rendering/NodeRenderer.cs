using Strata.Compiler.Diagnostics;
using Strata.Compiler.Project.Yaml;
using Strata.Compiler.Rendering.Functions;
using Strata.Compiler.Rendering.Introspection;
using Strata.Compiler.Rendering.Linking;
using Strata.Compiler.Templating;
using Strata.Compiler.Text;

namespace Strata.Compiler.Rendering;

/// <summary>Renders templates for nodes. Shared between threads.</summary>
internal sealed class NodeRenderer(
    TemplateScope shared,
    UnknownNames names,
    TargetValues target,
    RenderOptions options,
    Func<RenderState, DateTimeOffset> now,
    IReadOnlyDictionary<string, NodePlace> places,
    CancellationToken cancellation
)
{
    /// <summary>The same, with relations where they turned out to be.</summary>
    public NodeRenderer WithPlaces(IReadOnlyDictionary<string, NodePlace> final) =>
        new(shared, names, target, options, now, final, cancellation);

    /// <summary>Renders a template that is a value in YAML.</summary>
    public SlottedSql Render(YamlScalar scalar, NodeBinding binding, DiagnosticBag diagnostics)
    {
        var source = new SourceText(scalar.Span.File.Path, scalar.Text);
        var found = new DiagnosticBag();
        var sql = Render(Template.Parse(source), binding, found);
        var placement = new YamlPlacement(source, scalar);
        diagnostics.AddRange(found.ToSorted().Select(placement.Move));
        return sql with { Slots = [.. sql.Slots.Select(placement.Move)], Map = placement.Move(sql.Map) };
    }

    public SlottedSql Render(
        Template template,
        NodeBinding binding,
        DiagnosticBag diagnostics,
        DatabaseDialogue? dialogue = null
    )
    {
        diagnostics.AddRange(template.Diagnostics);
        if (template.HasErrors)
            return SlottedSql.Empty with { HasErrors = true };
        var state = new RenderState(binding, places) { Dialogue = dialogue };
        var scope = RenderScope.For(state, shared, target);
        var clocked = options with { TimeProvider = new RenderClock(now, state) };
        var result = TemplateRenderer.Render(template, scope, clocked, cancellation);
        diagnostics.AddRange(result.Diagnostics.Select(names.Explain));
        return new SlottedSql(result.Text, result.Map, [.. state.Slots])
        {
            Config = state.Config,
            HasReadPlaces = state.HasReadPlaces,
            HasReadClock = state.HasReadClock,
            HasAskedDatabase = state.HasAskedDatabase,
            HasErrors = result.HasErrors,
        };
    }
}
