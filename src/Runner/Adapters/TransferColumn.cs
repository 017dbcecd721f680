namespace Strata.Runner.Adapters;

/// <param name="Type">What the values are, on the wire between engines.</param>
/// <param name="SourceType">The type as the giving engine writes it, for messages.</param>
public sealed record TransferColumn(string Name, TransferType Type, string SourceType);

/// <param name="Column">The column as it comes.</param>
/// <param name="Type">The receiving engine's type.</param>
/// <param name="Problem">Why it cannot be carried exactly; null when it can.</param>
/// <param name="Hint">A cast to use instead.</param>
public sealed record ColumnMapping(TransferColumn Column, string Type, string? Problem, string? Hint);
