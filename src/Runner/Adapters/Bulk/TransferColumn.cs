using System.Text.RegularExpressions;

namespace Strata.Runner.Adapters.Bulk;

/// <param name="Type">What the values are, on the wire between engines.</param>
/// <param name="SourceType">The type as the giving engine writes it, for messages.</param>
public sealed record TransferColumn(string Name, TransferType Type, string SourceType);

/// <param name="Column">The column as it comes.</param>
/// <param name="Type">The receiving engine's type.</param>
/// <param name="Problem">Why it cannot be carried exactly; null when it can.</param>
/// <param name="Cast">What to write instead of the column, on the giving engine: <c>seen_at::timestamp</c>.</param>
public sealed partial record ColumnMapping(TransferColumn Column, string Type, string? Problem, string? Cast)
{
    /// <param name="type">The receiving engine's type that comes nearest.</param>
    /// <param name="castTo">A type of the giving engine that can be carried.</param>
    public static ColumnMapping Refused(TransferColumn column, string type, string problem, string castTo)
    {
        var name = PlainName().IsMatch(column.Name)
            ? column.Name
            : $"\"{column.Name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
        return new(column, type, problem, $"{name}::{castTo}");
    }

    [GeneratedRegex("^[a-z_][a-z0-9_]*$")]
    private static partial Regex PlainName();
}
