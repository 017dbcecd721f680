using Strata.Runner.Events;

namespace Strata.Runner.Files.Landing;

/// <summary>How many rows have been read, of which part of the files.</summary>
internal readonly record struct LandingStep(long Rows, FileProgress Files);
