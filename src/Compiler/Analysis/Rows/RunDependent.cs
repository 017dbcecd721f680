using System.Collections.Immutable;

namespace Strata.Compiler.Analysis.Rows;

/// <summary>Nondeterministic columns: their values differ from build to build although the rows are the same, so they are excluded from row identity. Names, in any case.</summary>
/// <param name="Columns">
/// Those that are made anew with every build of the relation, and no row is told from another by. Beside <paramref name="Constant"/> what chance makes, and what
/// is declared <c>volatile</c>.
/// </param>
/// <param name="Constant">Those of them that have one value in all rows of a build, plainly by the SQL.</param>
/// <param name="OfAPlace">
/// Beside <paramref name="Columns"/> those that tell when a row came to a relation that is read: rows that stand in one place of a file are not told apart by them, others are.
/// </param>
/// <param name="Keys">What rows are told apart by, whatever it is made of.</param>
public sealed record RunDependent(
    ImmutableHashSet<string> Columns,
    ImmutableHashSet<string> Constant,
    ImmutableHashSet<string> OfAPlace,
    ImmutableHashSet<string> Keys
);
