namespace Strata.Runner.Files;

/// <summary>A file in a landing zone.</summary>
/// <param name="Path">Relative to the project with '/' separators; absolute outside of it.</param>
/// <param name="FullPath">As the engine opens it.</param>
/// <param name="ModifiedAt">UTC ticks of the last write.</param>
public sealed record LandedFile(string Path, string FullPath, long Size, long ModifiedAt);
