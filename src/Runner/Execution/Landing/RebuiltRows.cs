using Strata.Runner.Files;
using Strata.Runner.State;

namespace Strata.Runner.Execution.Landing;

/// <summary>The rows of a model that are built again, where it is not built from nothing.</summary>
/// <param name="Condition">Over the model's relation.</param>
/// <param name="Since">The first of their event times can be this; null where some have none.</param>
internal sealed record RebuiltRows(string Condition, DateTimeOffset? Since)
{
    /// <summary>Of these rows, those in periods that were built then, or may have been; null where there are none.</summary>
    public required Func<GonePaths.Span, string?> BuiltIn { get; init; }

    /// <summary>A file has no rows of a time that comes after it was written.</summary>
    public bool MayHaveRowsOf(ConsumedFile file) => Since is null || file.ModifiedAt >= Since.Value.UtcTicks;
}
