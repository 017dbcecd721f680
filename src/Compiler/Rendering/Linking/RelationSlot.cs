using Strata.Compiler.Text;

namespace Strata.Compiler.Rendering.Linking;

/// <summary>A relation that a template asked for; its name is put in after every template was rendered.</summary>
/// <param name="NodeId">Null when there is no such node, which was reported.</param>
/// <param name="IsWhole">See <see cref="RelationReference.IsWhole"/>.</param>
internal sealed record RelationSlot(
    ReferenceKind Kind,
    string? NodeId,
    SourceOrigin Origin,
    bool IsWhole = false
);
