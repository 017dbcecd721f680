namespace Strata.Compiler.Diagnostics;

/// <summary>A column of landed files that is not as declared.</summary>
/// <param name="Path">The first of the files.</param>
/// <param name="Files">How many there are.</param>
public readonly record struct FileColumn(string Name, string Path, int Files);
