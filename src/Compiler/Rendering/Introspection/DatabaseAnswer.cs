using System.Collections.Immutable;

namespace Strata.Compiler.Rendering.Introspection;

/// <param name="Columns">The columns of the query, with the engine's types.</param>
/// <param name="Rows">One array a row, in column order; empty when only columns were asked for.</param>
public sealed record DatabaseAnswer(
    ImmutableArray<(string Name, string Type)> Columns,
    ImmutableArray<object?[]> Rows
);
