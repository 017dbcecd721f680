using System.Collections.Immutable;
using Strata.Compiler.Manifest.Tests;
using Strata.Compiler.Rendering.Linking;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;

namespace Strata.Runner.UnitTests;

/// <summary>A table that a unit test's model reads in place of a real one.</summary>
/// <param name="Input">Null for what the test does not name: a seed's own rows, or none.</param>
/// <param name="Given">The columns that the test gives.</param>
/// <param name="Lacking">The columns that it does not give, null in every row.</param>
internal sealed record FixtureTable(
    (ReferenceKind Kind, string NodeId) Key,
    UnitTestInput? Input,
    RelationName Table,
    ImmutableArray<ColumnSchema> Given,
    ImmutableArray<ColumnSchema> Lacking
)
{
    /// <summary>Columns whose type was taken from the given values, because the project does not say it.</summary>
    public ImmutableArray<string> Guessed { get; init; } = [];
}
