using Strata.Compiler.Rendering.Linking;

namespace Strata.Tests.Engine.Measures;

/// <summary>A query of its own whose rows are failures.</summary>
public sealed record QueryMeasure(string FailingRows) : Measure
{
    /// <summary>Whole rows to show to people, where the failures are but their values; null where the failures say it all.</summary>
    public string? Samples { get; init; }

    /// <summary>What the rows say, in words; null where their number is all there is to say.</summary>
    public string? Note { get; init; }

    /// <summary>Whether the note is worth reading also when the test passed.</summary>
    public bool IsRemark { get; init; }

    /// <summary>What later runs are to be held against, if this run decides that.</summary>
    public string? NewBaseline { get; init; }

    /// <summary>The project's own SQL inside <see cref="FailingRows"/>, where an error's position leads back to a file.</summary>
    public BoundSql? Written { get; init; }

    /// <summary>Where <see cref="Written"/> begins in <see cref="FailingRows"/>.</summary>
    public int WrittenAt { get; init; }
}
