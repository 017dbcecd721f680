using System.Globalization;
using Strata.Cli.Output;
using Strata.Compiler.Manifest;
using Strata.Runner.SourceFreshness;
using Strata.Runner.State.Tests;

namespace Strata.Cli.Histories;

/// <summary>How old sources were in earlier runs of <c>strata source freshness</c>, newest first.</summary>
public static class FreshnessHistory
{
    /// <returns>False when there is nothing to show.</returns>
    public static bool Write(
        TextWriter writer,
        Palette palette,
        int? width,
        IEnumerable<SourceNode> sources,
        TestHistory history
    )
    {
        var table = new TextTable("source", "looked at", "status", "age");
        foreach (var source in sources)
        {
            foreach (var run in history.Of(FreshnessResult.HistoryIdOf(source)))
            {
                table.Add(
                    $"{source.SourceName}.{source.Name}",
                    run.TestedAt.UtcDateTime.ToString(
                        "yyyy-MM-dd HH:mm:ss 'UTC'",
                        CultureInfo.InvariantCulture
                    ),
                    new TextTable.Cell(Status(run), ToneOf(run.Status)),
                    run.ObservedNumber is { } seconds ? Words.Age(TimeSpan.FromSeconds(seconds)) : ""
                );
            }
        }
        if (table.Count == 0)
            return false;
        table.Write(writer, palette, width);
        return true;
    }

    public static string ToJson(IEnumerable<SourceNode> sources, TestHistory history) =>
        JsonLine.Write(json =>
        {
            json.WriteStartArray("sources");
            foreach (var source in sources)
            {
                json.WriteStartObject();
                json.WriteString("unique_id", source.UniqueId);
                json.WriteString("name", $"{source.SourceName}.{source.Name}");
                json.WriteStartArray("runs");
                foreach (var run in history.Of(FreshnessResult.HistoryIdOf(source)))
                {
                    json.WriteStartObject();
                    json.WriteString("run_id", run.RunId);
                    json.WriteString("looked_at", run.TestedAt.UtcDateTime);
                    json.WriteString("status", Status(run));
                    if (run.ObservedNumber is { } seconds)
                        json.WriteNumber("age_in_s", Math.Round(seconds, 3));
                    json.WriteString("limits", run.Threshold);
                    json.WriteEndObject();
                }
                json.WriteEndArray();
                json.WriteEndObject();
            }
            json.WriteEndArray();
        });

    // the history has the words of tests, sources those of dbt
    private static string Status(TestObservation run) =>
        run.Status switch
        {
            "fail" => "error",
            "error" => "runtime error",
            _ => run.Status,
        };

    private static Tone ToneOf(string status) =>
        status switch
        {
            "pass" => Tone.Good,
            "warn" => Tone.Warning,
            _ => Tone.Bad,
        };
}
