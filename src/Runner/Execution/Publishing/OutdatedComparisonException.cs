namespace Strata.Runner.Execution.Publishing;

/// <summary>A table is no longer what its stage was compared with, so that what was found there cannot be published.</summary>
internal sealed class OutdatedComparisonException(string nodeId)
    : Exception($"'{nodeId}' was changed by others after it was compared");
