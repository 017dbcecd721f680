using System.Collections.Immutable;
using Strata.Compiler.Sql;

namespace Strata.Runner.Versions;

/// <summary>The landed files of which a publish changes what is known.</summary>
/// <param name="All">All that its node has taken in.</param>
/// <param name="Paths">Otherwise these.</param>
internal sealed record TouchedFiles(bool All, ImmutableArray<string> Paths)
{
    private const int PathsPerStatement = 500;

    public static readonly TouchedFiles None = new(false, []);

    /// <summary>Conditions that together find them among the files of the node; to be added to that one.</summary>
    public IEnumerable<string> Conditions(SqlDialect dialect) =>
        All
            ? [""]
            : Paths
                .Distinct()
                .Chunk(PathsPerStatement)
                .Select(some => $" and path in ({string.Join(", ", some.Select(dialect.QuoteString))})");
}
