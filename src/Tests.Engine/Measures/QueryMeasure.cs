using Strata.Compiler.Rendering;

namespace Strata.Tests.Engine.Measures;

/// <summary>A query of its own whose rows are failures.</summary>
public sealed record QueryMeasure(string FailingRows) : Measure
{
    /// <summary>Whole rows to show to people, where the failures are but their values; null where the failures say it all.</summary>
    public string? Samples { get; init; }

    /// <summary>The project's own SQL inside <see cref="FailingRows"/>, where an error's position leads back to a file.</summary>
    public BoundSql? Written { get; init; }

    /// <summary>Where <see cref="Written"/> begins in <see cref="FailingRows"/>.</summary>
    public int WrittenAt { get; init; }
}
