namespace Strata.Runner.Materializations;

/// <summary>The ways in which a whole staged table takes the place of what is published.</summary>
public enum TableWriter
{
    /// <summary>The stage is renamed into place: nothing is written twice.</summary>
    Swap,

    /// <summary>Nothing differs, nothing is written.</summary>
    AsItIs,

    /// <summary>Rows are matched by key; those that differ are changed.</summary>
    ByKey,

    /// <summary>Rows are compared as a whole; those that differ are deleted and inserted.</summary>
    ByRow,

    /// <summary>All rows are deleted and those of the stage inserted, without comparing them again.</summary>
    Rewrite,
}
