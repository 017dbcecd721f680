using Strata.Compiler.Rendering.Linking;
using Strata.Compiler.Text;

namespace Strata.Compiler.Manifest.Tests;

/// <summary>Rows that a unit test gives in place of a relation.</summary>
/// <param name="Kind">This, Changes, or for the relation itself Ref or Source.</param>
/// <param name="NodeId">The node that is replaced; for <c>this</c> the model.</param>
/// <param name="Text">As it is written: <c>ref('orders')</c>.</param>
/// <param name="Rows">Null where the test names the input without rows: a seed then has those of its file.</param>
public sealed record UnitTestInput(
    ReferenceKind Kind,
    string NodeId,
    string Text,
    UnitTestRows? Rows,
    SourceSpan Declaration
);
