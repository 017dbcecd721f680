using System.Collections.Immutable;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters.Values;

namespace Strata.Runner.Quarantine;

/// <summary>Which quarantined rows are meant.</summary>
/// <param name="Run">Diverted by this run.</param>
/// <param name="Reason">Failed the expectation of this name.</param>
/// <param name="Ids">With one of these ids; empty for all.</param>
public sealed record RowFilter(string? Run, string? Reason, ImmutableArray<string> Ids)
{
    public static readonly RowFilter All = new(null, null, []);

    /// <summary>A condition over the columns of the quarantine table.</summary>
    public string ToSql(SqlDialect dialect)
    {
        var parts = new List<string>();
        if (Run is { } run)
            parts.Add($"{QuarantineTable.Run} = {dialect.QuoteString(run)}");
        if (Reason is { } reason)
            parts.Add($"strpos({QuarantineTable.Reasons}, {dialect.QuoteString(PlainJson.Of(reason))}) > 0");
        if (!Ids.IsEmpty)
            parts.Add($"{QuarantineTable.Id} in ({string.Join(", ", Ids.Select(dialect.QuoteString))})");
        return parts.Count == 0 ? "true" : string.Join(" and ", parts);
    }
}
