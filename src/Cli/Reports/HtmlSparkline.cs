using System.Globalization;
using Strata.Cli.Html;
using Strata.Runner.State.Tests;

namespace Strata.Cli.Reports;

/// <summary>The past of a test as small bars, oldest first: colour says how it ended, height how many rows failed.</summary>
internal static class HtmlSparkline
{
    /// <summary>How many runs are shown.</summary>
    public const int Runs = 30;

    private const int Step = 5;
    private const int Height = 18;
    private const double Least = 3;

    public static void Write(HtmlWriter page, IReadOnlyList<TestObservation> newestFirst)
    {
        if (newestFirst.Count < 2)
            return;
        var runs = newestFirst.Take(Runs).Reverse().ToList();
        var most = Math.Max(1, runs.Max(run => run.Failures ?? 0));
        var words = string.Join(
            ", ",
            runs.GroupBy(run => run.Status).Select(group => $"{group.Count()} {group.Key}")
        );
        page.Open(
            "svg",
            ("class", "history"),
            ("role", "img"),
            ("aria-label", $"last {runs.Count} runs: {words}"),
            ("width", Number(runs.Count * Step)),
            ("height", Number(Height)),
            ("viewBox", $"0 0 {Number(runs.Count * Step)} {Number(Height)}")
        );
        for (var i = 0; i < runs.Count; i++)
        {
            var share = run(i).Status == "error" ? 1 : (double)(run(i).Failures ?? 0) / most;
            var height = Least + share * (Height - Least);
            page.Open(
                "rect",
                ("class", run(i).Status),
                ("x", Number(i * Step)),
                ("y", Number(Height - height)),
                ("width", Number(Step - 1)),
                ("height", Number(height))
            );
        }
        page.Close();

        TestObservation run(int i) => runs[i];
    }

    private static string Number(double number) => number.ToString("0.##", CultureInfo.InvariantCulture);
}
