using System.Collections.Immutable;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Rendering.Functions;
using Strata.Compiler.Rendering.Linking;
using Strata.Compiler.Templating;

namespace Strata.Compiler.Manifest.Building.Models;

/// <summary>
/// What a model's text says it reads, macros included, against what rendering it read. Rendering may read less (a
/// branch not taken) but nothing that the text does not show, unless the text computes a name.
/// </summary>
internal static class StaticReferences
{
    public static void Check(RenderedModel model, BuildContext context)
    {
        var template = model.Draft.File.Template;
        if (template.HasErrors)
            return;
        var shown = new HashSet<string>(StringComparer.Ordinal);
        foreach (var call in CallsOf(template, context.Project.Macros))
        {
            // what an included file reads is known once it is included
            if (call.Name is "include" or "include_join")
                return;
            if (call.Name == "dispatch" && call.Arguments is not [{ IsConstant: true }, ..])
                return;
            if (call.Name is not ("ref" or "changes" or "source"))
                continue;
            if (!call.IsConstant)
                return;
            if (IdOf(call, context.Resolver) is { } id)
                shown.Add(id);
        }
        foreach (var sql in new[] { model.Full.Sql, model.Incremental?.Sql })
        {
            foreach (var slot in sql?.Slots ?? [])
            {
                if (slot.Kind == ReferenceKind.This || slot.NodeId is not { } id || shown.Contains(id))
                    continue;
                context.Diagnostics.Add(
                    ReferenceDiagnostics.HiddenReference(
                        slot.Origin.Span,
                        model.Draft.Name,
                        context.Places[id].Relation.Name
                    )
                );
            }
        }
    }

    private static IEnumerable<TemplateCall> CallsOf(Template template, MacroLibrary macros) =>
        template.Facts.Calls.Concat(macros.CallsOf(macros.Closure(template.Facts, dialect: null)));

    private static string? IdOf(TemplateCall call, ReferenceResolver resolver)
    {
        // the last text of ref is the model; the project may stand before it
        var texts = call
            .Arguments.Where(argument => argument.Name is null)
            .Select(argument => argument.Value as string)
            .OfType<string>()
            .ToArray();
        return (call.Name, texts) switch
        {
            ("source", [var source, var table]) => resolver.TryFindSource(source, table),
            ("ref" or "changes", [.., var name]) => resolver.TryFindRef(name),
            _ => null,
        };
    }
}
