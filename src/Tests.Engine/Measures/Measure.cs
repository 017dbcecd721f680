namespace Strata.Tests.Engine.Measures;

/// <summary>How a check is measured: what the planner needs to know to write its SQL and to share scans.</summary>
public abstract record Measure
{
    /// <summary>
    /// The rows that count as checked, as a boolean expression over the relation; null when all do. The base of
    /// <c>mostly</c> and of percentages.
    /// </summary>
    public string? Considered { get; init; }

    /// <summary>The condition of a failing row, where rows are judged one by one; null where they are judged together.</summary>
    public virtual string? FailingRow { get; init; }

    /// <summary>What failures are, in the singular, where they are not rows: <c>repeated value</c>.</summary>
    public virtual string? Counts { get; init; }

    /// <summary>Whether it is about the rows of a batch, and about nothing where there is no batch.</summary>
    public bool IsOfBatch { get; init; }

    /// <summary>
    /// The column whose values, where not null, are what is checked; sets <see cref="Considered"/> as well. Counting a
    /// column is cheaper than counting rows by a condition, and several checks of the column share the count.
    /// </summary>
    public string? ConsideredColumn
    {
        get;
        init
        {
            field = value;
            if (value is not null)
                Considered = $"{value} is not null";
        }
    }
}
