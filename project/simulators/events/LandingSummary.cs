using System.Globalization;

namespace Strata.Simulators.Events;

internal static class LandingSummary
{
    public static void Write(
        TextWriter output,
        LandingReport report,
        DateOnly first,
        DateOnly last,
        string folder,
        TimeSpan elapsed
    )
    {
        var days = last.DayNumber - first.DayNumber + 1;
        output.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"landed {report.Events:N0} events of {days} {(days == 1 ? "day" : "days")} ({first:yyyy-MM-dd} to {last:yyyy-MM-dd}) in {folder}, {elapsed.TotalSeconds:0.0} s"
            )
        );
        output.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"  {report.Lines:N0} lines: {report.Duplicates:N0} sent twice, {report.Late:N0} late, {report.Malformed:N0} malformed, {report.Bad:N0} invalid"
            )
        );
        output.WriteLine(
            report.UnchangedFiles == 0
                ? string.Create(CultureInfo.InvariantCulture, $"  {report.Files:N0} files")
                : string.Create(
                    CultureInfo.InvariantCulture,
                    $"  {report.Files:N0} new files, {report.UnchangedFiles:N0} were there already"
                )
        );
    }
}
