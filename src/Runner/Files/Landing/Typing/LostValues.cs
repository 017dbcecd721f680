using System.Collections.Immutable;

namespace Strata.Runner.Files.Landing.Typing;

/// <summary>What of JSON files became null in rows that were taken in, where the model does not keep the text.</summary>
/// <param name="Values">By column: how many values do not fit its type.</param>
/// <param name="Rows">How many rows are null altogether, because they are no JSON objects.</param>
/// <param name="Samples">The first of each kind, with place and reason.</param>
internal sealed record LostValues(
    ImmutableArray<(string Column, long Values)> Values,
    long Rows,
    ImmutableArray<string> Samples
)
{
    /// <summary>How much of a text is shown.</summary>
    public const int SampleLength = 120;

    /// <param name="raw">The text as it stands in the file.</param>
    public static string Sample(string place, string reason, string raw)
    {
        var line = raw.ReplaceLineEndings(" ");
        return $"{place}: {reason}: {(line.Length > SampleLength ? line[..SampleLength] + "..." : line)}";
    }

    /// <summary>In how many rows altogether anything became null; counted only where the engine's own reader reads.</summary>
    public long Lines { get; init; }
}
