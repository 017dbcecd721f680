using System.Globalization;
using Strata.Compiler.Sql;
using Strata.Runner.Planning;
using Strata.Runner.State.Tables;

namespace Strata.Runner.Versions;

/// <summary>Names and columns of the tables that hold what publishes replaced.</summary>
internal static class KeptTables
{
    /// <summary>
    /// <c>insert</c> and <c>update</c> for rows that came, <c>delete</c> and <c>before</c> for rows that went. With
    /// <see cref="KeptVersion.Identity"/> there is no <c>update</c>, and of an <c>insert</c> only these columns count.
    /// </summary>
    public const string ChangeColumn = "__strata_change";

    /// <summary>The old values of a row that was updated.</summary>
    public const string Before = "before";

    /// <summary>For rows that are copied.</summary>
    public static RelationName Apart(RelationName relation, string runId, long batchId, SqlDialect dialect) =>
        new(
            HistoryTables.KeptSchema,
            Identifiers.Fit(
                $"{Identifiers.Joined(relation)}__{Suffix(runId, batchId)}",
                dialect.MaxIdentifierBytes
            )
        );

    /// <summary>For a table that is renamed: it stays in its schema where tables cannot move between schemas.</summary>
    public static RelationName Beside(
        RelationName relation,
        string runId,
        long batchId,
        SqlDialect dialect
    ) =>
        new(
            relation.Schema,
            Identifiers.Fit(
                $"{relation.Name}__strata_kept_{Suffix(runId, batchId)}",
                dialect.MaxIdentifierBytes
            )
        );

    private static string Suffix(string runId, long batchId) =>
        string.Create(CultureInfo.InvariantCulture, $"{RunId.ToIdentifier(runId)}_{batchId}");
}
