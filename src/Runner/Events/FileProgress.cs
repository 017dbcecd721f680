namespace Strata.Runner.Events;

/// <summary>How far a node is with the landed files that it takes in.</summary>
/// <param name="Step">checking, reading: text files are read twice.</param>
/// <param name="Bytes">Read in this step, as they lie there: packed files count packed.</param>
/// <param name="TotalBytes">Of all files of the step.</param>
public sealed record FileProgress(string Step, long Bytes, long TotalBytes);
