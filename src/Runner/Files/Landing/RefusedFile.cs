using System.Globalization;

namespace Strata.Runner.Files.Landing;

/// <summary>A file that could be read, and of which no row was taken in: all were rejected.</summary>
/// <param name="Rows">How many; at least one.</param>
/// <param name="Sample">The first of them: its place, the reason and how it begins.</param>
/// <param name="Reason">Why the first of them was rejected.</param>
internal sealed record RefusedFile(string Path, long Rows, string Sample, string Reason)
{
    /// <summary>Why nothing of the file was taken in.</summary>
    public string Words =>
        Rows == 1
            ? $"its only row could not be taken in: {Reason}"
            : $"none of its {Rows.ToString("N0", CultureInfo.InvariantCulture)} rows could be taken in, the first because of: {Reason}";
}
