using Strata.Compiler.Text;

namespace Strata.Compiler.Diagnostics;

/// <summary>A relation that a node would be published as, and that another project has published.</summary>
/// <param name="Place">Where the node is declared.</param>
/// <param name="Node">The id of the node.</param>
/// <param name="Owner">The id of the other project's node.</param>
public sealed record ForeignRelation(
    SourceSpan Place,
    string Connection,
    string Relation,
    string Node,
    string Owner
)
{
    public string OwnerProject => Owner.Split('.') is [_, var project, ..] ? project : Owner;

    /// <summary>Whether the two differ in the name of their projects only.</summary>
    public bool HasNameOfOwner => WithoutProject(Node) == WithoutProject(Owner);

    private static string WithoutProject(string id) =>
        id.Split('.') is [var kind, _, .. var rest] ? string.Join('.', [kind, .. rest]) : id;
}
