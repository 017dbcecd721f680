using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Strata.Compiler.Sql;

namespace Strata.Runner.Files;

/// <summary>The columns that say where a landed row comes from.</summary>
internal static class SourceMarks
{
    /// <summary>All columns that reading adds to those of a file: marks, and what keeps rows and columns that do not fit.</summary>
    public static readonly ImmutableArray<string> Names =
    [
        "_source_file",
        "_source_row",
        "_ingested_at",
        "_batch_id",
        "_rescued",
        "_raw",
        "_malformed",
    ];

    /// <param name="file">An expression for the path as it is shown.</param>
    public static string Select(
        SqlDialect dialect,
        string file,
        string row,
        DateTimeOffset ingestedAt,
        long batchId
    ) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{file} as _source_file, {row} as _source_row, {Instant(dialect, ingestedAt)} as _ingested_at, "
                + $"cast({batchId} as bigint) as _batch_id"
        );

    /// <summary>A path as the engine opened it, relative to the project where it lies inside.</summary>
    public static string Shown(SqlDialect dialect, string path, string projectFolder)
    {
        var root =
            Path.TrimEndingDirectorySeparator(Path.GetFullPath(projectFolder)) + Path.DirectorySeparatorChar;
        return $"case when starts_with({path}, {dialect.QuoteString(root)}) "
            + $"then substr({path}, {root.EnumerateRunes().Count() + 1}) else {path} end";
    }

    private static string Instant(SqlDialect dialect, DateTimeOffset at) =>
        $"cast({dialect.QuoteString(at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.ffffff'+00'", CultureInfo.InvariantCulture))} as timestamptz)";
}
