namespace Strata.Runner.Files;

/// <summary>A folder in which files of a pattern may lie, or one file.</summary>
/// <param name="IsDeep">Whether they may lie in folders of that folder.</param>
public readonly record struct FilePlace(string Root, bool IsFile, bool IsDeep);
