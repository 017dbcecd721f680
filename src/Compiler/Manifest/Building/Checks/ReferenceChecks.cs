using Strata.Compiler.Diagnostics;
using Strata.Compiler.Rendering.Linking;

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
                        "'changes'",
                        context.Places[id].Relation.Name
                    )
                );
        }
    }

    /// <summary>Whether all that a hook names is there by itself: the queries of ephemeral models stand in models only.</summary>
    public static void CheckRelations(SlottedSql hook, BuildContext context)
    {
        foreach (var slot in CommentedSlots.Without(hook))
        {
            if (slot is { NodeId: { } id, Kind: ReferenceKind.Ref } && context.Places[id].IsEphemeral)
                context.Diagnostics.Add(
                    ReferenceDiagnostics.NoRelation(
                        slot.Origin.Span,
                        "a hook",
                        context.Places[id].Relation.Name
                    )
                );
        }
    }
}
