namespace Strata.Runner.Materializations;

/// <summary>The least and the greatest value of a key column in a batch, nulls left out, as SQL expressions.</summary>
public sealed record KeyRange(string Column, string Least, string Greatest);
