namespace Strata.Runner.Materializations;

/// <summary>
/// What statements call the tables whose rows they match. DuckDB looks for <c>x.k</c> in a subquery among its own columns before it looks for a
/// table <c>x</c> around it: where a column <c>x</c> is JSON or a struct, <c>x.k</c> is a field of it. So no table that a subquery refers to is
/// called what a column may be called.
/// </summary>
internal static class RowAlias
{
    /// <summary>The row that is there.</summary>
    public const string Target = "__strata_target_row";

    /// <summary>The row that comes.</summary>
    public const string Batch = "__strata_batch_row";
}
