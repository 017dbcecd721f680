namespace Strata.Runner.Files.Landing;

/// <summary>What becomes of landed content that is none, for a statement that can set nothing aside.</summary>
internal enum BadContent
{
    /// <summary>Files and rows that cannot be read are an error, and so are values that do not fit where their column is read.</summary>
    IsError,

    /// <summary>So are values that do not fit in columns that nobody reads.</summary>
    IsErrorInAllColumns,

    /// <summary>Files and rows that cannot be read are passed over, as another statement tells of them. Values that do not fit are an error.</summary>
    IsPassedIfUnreadable,

    /// <summary>All of it is passed over.</summary>
    IsPassed,
}
