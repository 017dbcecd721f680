namespace Strata.Runner.Files;

/// <summary>How what has landed differs from what a node has taken in.</summary>
/// <param name="Changed">Files of another size.</param>
/// <param name="Touched">Files of the same size with another time. Whether anything in them is different shows when they are read.</param>
public readonly record struct FileCounts(int New, int Changed, int Touched, int Gone)
{
    /// <summary>Changed files that the run will not take: <c>on_change: fail</c>.</summary>
    public int Refused { get; init; }

    public static FileCounts operator +(FileCounts left, FileCounts right) =>
        new(
            left.New + right.New,
            left.Changed + right.Changed,
            left.Touched + right.Touched,
            left.Gone + right.Gone
        )
        {
            Refused = left.Refused + right.Refused,
        };

    /// <summary>In words; null when nothing differs.</summary>
    public string? Describe()
    {
        var words = new List<string>();
        if (New > 0)
            words.Add($"{New} new {Files(New)}");
        if (Changed > 0)
            words.Add(
                $"{Changed} changed{(words.Count > 0 ? "" : $" {Files(Changed)}")}{(Refused > 0 ? " (ST7005)" : "")}"
            );
        if (Touched > 0)
            words.Add($"{Touched}{(words.Count > 0 ? "" : $" {Files(Touched)}")} with a new time");
        if (Gone > 0)
            words.Add($"{Gone} gone");
        return words.Count == 0 ? null : string.Join(", ", words);
    }

    private static string Files(int count) => count == 1 ? "file" : "files";
}
