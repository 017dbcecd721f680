using Strata.Compiler.Manifest.Sources;

namespace Strata.Runner.Files.Landing;

/// <summary>What becomes of landed content that is none, for a statement that can set nothing aside.</summary>
internal enum BadContent
{
    /// <summary>Files and rows that cannot be read are an error, and so are values that do not fit where their column is read.</summary>
    IsError,

    /// <summary>Rows that cannot be read are an error, and so are values that do not fit, in columns that nobody reads, too.</summary>
    IsErrorInAllColumns,

    /// <summary>Files and rows that cannot be read are passed over, as another statement tells of them. Values that do not fit are an error.</summary>
    IsPassedIfUnreadable,

    /// <summary>All of it is passed over.</summary>
    IsPassed,
}

internal static class BadContentExtensions
{
    /// <summary>Whether files that cannot be read are passed over. For those who leave out what tables set aside, the source says it, as it does for tables.</summary>
    public static bool PassesUnreadable(this BadContent bad, FilesConfig config) =>
        bad switch
        {
            BadContent.IsError => false,
            BadContent.IsPassedIfUnreadable => true,
            _ => config.OnUnreadable == OnUnreadableFile.Quarantine,
        };
}
