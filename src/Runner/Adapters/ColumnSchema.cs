namespace Strata.Runner.Adapters;

/// <param name="Type">The type as the engine writes it, fit for a column definition: <c>DECIMAL(18,3)</c>.</param>
/// <param name="Nullable">False only where the engine guarantees it.</param>
public sealed record ColumnSchema(string Name, string Type, bool Nullable = true);
