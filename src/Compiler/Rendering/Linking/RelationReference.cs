using Strata.Compiler.Text;

namespace Strata.Compiler.Rendering.Linking;

/// <summary>What a relation in compiled SQL stands for.</summary>
public enum ReferenceKind
{
    /// <summary><c>ref</c>: another model, seed or snapshot.</summary>
    Ref,

    /// <summary><c>source</c>: a table that Strata does not make, or landed files.</summary>
    Source,

    /// <summary><c>this</c>: the node's own published relation.</summary>
    This,

    /// <summary><c>changes</c>: the rows of an upstream that the node has not consumed yet.</summary>
    Changes,
}

/// <summary>
/// One mention of a relation in compiled SQL. The runner replaces the text at <paramref name="Span"/> when the
/// node must read something else than the published relation: a staged post-image, a batch of files.
/// </summary>
/// <param name="NodeId">The unique id of the node that is mentioned.</param>
/// <param name="Span">Where its name stands in <see cref="CompiledSql.Text"/>.</param>
/// <param name="Origin">The call in the template.</param>
/// <param name="IsWhole">All rows are meant, also where a batch of some period is built.</param>
/// <param name="IsInComment">It stands in a comment, where its name is nothing but a word: nothing is put in its place.</param>
public sealed record RelationReference(
    ReferenceKind Kind,
    string NodeId,
    TextSpan Span,
    SourceSpan Origin,
    bool IsWhole = false,
    bool IsInComment = false
);
