using System.Globalization;
using System.Text.Json;
using Strata.Cli.Output;
using Strata.Compiler.Manifest.Sources;
using Strata.Runner.SourceFreshness;

namespace Strata.Cli.Progress.Summaries;

/// <summary>How old sources are, for people and for programs.</summary>
public static class FreshnessTable
{
    public static void Write(TextWriter writer, Palette palette, int? width, FreshnessReport report)
    {
        var table = new TextTable("source", "status", "age", "of", "warn", "fail", "declared at");
        foreach (var result in report.Results)
        {
            table.Add(
                result.Name,
                new TextTable.Cell(FreshnessWords.Of(result.Status), ToneOf(result.Status)),
                result.Age is { } age ? Words.Age(age)
                    : result.Status == FreshnessStatus.RuntimeError ? ""
                    : "never",
                ShortBasis(result.Basis),
                Limit(result.Freshness.WarnAfter),
                Limit(result.Freshness.ErrorAfter),
                new TextTable.Cell(ShortPlace(result), Tone.Quiet)
            );
        }
        table.Write(writer, palette, width);
        var counts = report
            .Results.GroupBy(result => result.Status)
            .OrderBy(some => some.Key)
            .Select(some => $"{Words.Number(some.Count())} {FreshnessWords.Of(some.Key)}");
        writer.Write(
            $"\n{Words.Count(report.Results.Length, "source")} in {Words.Duration(report.Duration)}: {string.Join(", ", counts)}\n"
        );
    }

    public static string ToJson(FreshnessReport report) =>
        JsonLine.Write(json =>
        {
            json.WriteString("run_id", report.RunId);
            json.WriteBoolean("success", report.IsSuccess);
            json.WriteStartArray("results");
            foreach (var result in report.Results)
                Write(json, result);
            json.WriteEndArray();
            json.WriteStartArray("problems");
            foreach (var problem in report.Problems)
                json.WriteStringValue($"{problem.Code}: {problem.Message}");
            json.WriteEndArray();
        });

    private static void Write(Utf8JsonWriter json, FreshnessResult result)
    {
        json.WriteStartObject();
        json.WriteString("unique_id", result.Source.UniqueId);
        json.WriteString("name", result.Name);
        json.WriteString("status", FreshnessWords.Of(result.Status));
        json.WriteString("loaded_at", result.LoadedAt is { } at ? InstantText(at) : null);
        json.WriteString("looked_at", InstantText(result.LookedAt));
        if (result.Age is { } age)
            json.WriteNumber("age_in_s", Math.Round(age.TotalSeconds, 3));
        else
            json.WriteNull("age_in_s");
        json.WriteString("of", FreshnessWords.Of(result.Basis));
        json.WriteBoolean("taken_for_utc", result.WasWithoutZone);
        json.WriteString("warn_after", result.Freshness.WarnAfter?.ToString());
        json.WriteString("error_after", result.Freshness.ErrorAfter?.ToString());
        json.WriteString("declared_at", Place(result));
        json.WriteString("code", result.Diagnostic?.Code);
        json.WriteString("message", result.Diagnostic?.Message);
        json.WriteEndObject();
    }

    private static string InstantText(DateTimeOffset at) =>
        at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'", CultureInfo.InvariantCulture);

    private static string Place(FreshnessResult result) => result.Freshness.Declaration.ToString();

    private static string ShortPlace(FreshnessResult result)
    {
        var span = result.Freshness.Declaration;
        return $"{Path.GetFileName(span.File.Path)}:{span.Start.ToString().Split(':')[0]}";
    }

    private static string Limit(FreshnessLimit? limit) =>
        limit is null ? "" : $"{limit.Count}{limit.Period.ToString()[..1].ToLowerInvariant()}";

    private static string ShortBasis(LoadedAtBasis basis) =>
        basis switch
        {
            LoadedAtBasis.Field => "rows",
            LoadedAtBasis.Query => "query",
            LoadedAtBasis.NewestFile => "files",
            _ => "ingest",
        };

    private static Tone ToneOf(FreshnessStatus status) =>
        status switch
        {
            FreshnessStatus.Pass => Tone.Good,
            FreshnessStatus.Warn => Tone.Warning,
            _ => Tone.Bad,
        };
}
