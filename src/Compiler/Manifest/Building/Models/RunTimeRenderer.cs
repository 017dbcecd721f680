using System.Collections.Immutable;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Rendering.Introspection;
using Strata.Compiler.Rendering.Linking;

namespace Strata.Compiler.Manifest.Building.Models;

/// <summary>Keeps what rendering a model again needs, for the models that need it.</summary>
internal sealed class RunTimeRenderer(BuildContext context, IEnumerable<RenderedModel> models)
    : IRunTimeRenderer
{
    private readonly ImmutableDictionary<string, RenderedModel> _models = models
        .Where(model => model.HasAskedDatabase)
        .ToImmutableDictionary(model => model.Draft.Id, StringComparer.Ordinal);

    public RunTimeRendering Render(
        ModelNode model,
        bool isIncremental,
        ImmutableDictionary<string, DatabaseAnswer> answers
    )
    {
        var rendered = _models[model.UniqueId];
        var diagnostics = new DiagnosticBag();
        var dialogue = new DatabaseDialogue(context.Linker, answers);
        var binding = rendered.Binding with { IsIncremental = isIncremental };
        var sql = context.Renderer.Render(rendered.Draft.File.Template, binding, diagnostics, dialogue);
        var open = dialogue.Open;
        // without its answers a template may trip over what only they would give
        if (!open.IsEmpty)
            return new RunTimeRendering(null, open, []);
        SqlChecks.CheckQuery(sql, $"model '{model.Name}'", model.Declaration, diagnostics);
        return new RunTimeRendering(
            diagnostics.HasErrors
                ? null
                : context.Linker.Link(sql, rendered.Place.Connection, rendered.Place.Dialect),
            [],
            diagnostics.ToSorted()
        );
    }
}
