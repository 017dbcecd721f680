namespace Strata.Runner.Files.Landing.Columns;

/// <summary>The columns that the table of landed rows has besides those of the files.</summary>
internal static class LandedColumn
{
    /// <summary>How many there are.</summary>
    public const int Count = 6;

    /// <summary>The path as the engine opened it or as it is shown, see <see cref="LandedFile"/>.</summary>
    public const string File = "__strata_file";

    /// <summary>The number of the row in its file.</summary>
    public const string Row = "__strata_row";

    /// <summary>The line in which the row begins; null where a format has no lines.</summary>
    public const string Line = "__strata_line";

    /// <summary>Why the row is rejected; null for a good one.</summary>
    public const string Problem = "__strata_problem";

    /// <summary>The text of a rejected row, and of every JSON value and line of text; see <see cref="RawIndex"/>.</summary>
    public const string Raw = "__strata_raw";

    /// <summary>The place of <see cref="Raw"/>.</summary>
    public const int RawIndex = 4;

    /// <summary>Fields without a column, as JSON.</summary>
    public const string Rescued = "__strata_rescued";
}
