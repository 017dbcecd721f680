using Strata.Compiler.Diagnostics;
using Strata.Compiler.Rendering;

namespace Strata.Compiler.Manifest.Building.Checks;

/// <summary>Whether what a text reads can be read.</summary>
internal static class ReferenceChecks
{
    public static void Check(SlottedSql sql, BuildContext context)
    {
        foreach (var slot in sql.Slots)
        {
            if (slot.NodeId is not { } id || slot.Kind == ReferenceKind.This)
                continue;
            if (context.Disabled.TryGetValue(id, out var what))
                context.Diagnostics.Add(ReferenceDiagnostics.Disabled(slot.Origin.Span, what));
            else if (slot.Kind == ReferenceKind.Changes && context.Places[id].IsEphemeral)
                context.Diagnostics.Add(
                    ReferenceDiagnostics.NoRelation(
                        slot.Origin.Span,
                        "changes",
                        context.Places[id].Relation.Name
                    )
                );
        }
    }
}
