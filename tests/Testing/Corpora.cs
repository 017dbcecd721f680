namespace Strata.Testing;

/// <summary>
/// Test data that is read in place and never committed: the folder that STRATA_CORPORA names, else ../shared beside the repository.
/// </summary>
public static class Corpora
{
    public static string Root { get; } =
        Environment.GetEnvironmentVariable("STRATA_CORPORA") is { Length: > 0 } folder
            ? Path.GetFullPath(folder)
            : Path.GetFullPath(Path.Combine(RepositoryRoot.Path, "..", "shared"));

    /// <summary>The full path of a file or folder, e.g. "conformance/scriban/cases.jsonl".</summary>
    public static string PathTo(string relative) => Path.Combine(Root, relative);

    /// <summary>Why a test that needs this file or folder must be skipped; null where it is present.</summary>
    public static string? SkipReason(string relative) =>
        Path.Exists(PathTo(relative))
            ? null
            : $"test data '{relative}' is not in {Root}; set STRATA_CORPORA to the folder that holds it";
}
