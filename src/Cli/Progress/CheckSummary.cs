using System.Collections.Immutable;
using System.Text.Json;
using Strata.Cli.Output;
using Strata.Compiler.Diagnostics;
using Strata.Runner.Checking;

namespace Strata.Cli.Progress;

/// <summary>What came of a check, for people and for programs.</summary>
public static class CheckSummary
{
    /// <summary>So many models are named that were not checked.</summary>
    private const int MostNamed = 20;

    public static void Write(
        TextWriter writer,
        CheckReport report,
        IReadOnlyCollection<Diagnostic> diagnostics,
        TimeSpan duration
    )
    {
        var left = report.Models.Where(model => model.Status == CheckStatus.NotChecked).ToList();
        foreach (var model in left.Take(MostNamed))
            writer.Write($"not checked: {model.Model.Name}: {model.Reason?.Text}\n");
        if (left.Count > MostNamed)
            writer.Write($"not checked: {Words.Number(left.Count - MostNamed)} more\n");
        var checkedModels = report.Models.Length - left.Count;
        var errors = diagnostics.Count(one => one.IsError);
        var warnings = diagnostics.Count - errors;
        writer.Write(
            $"{Words.Count(checkedModels, "model")} and {Words.Count(report.Tests.Length, "test")} checked in {Words.Duration(duration)}"
                + (left.Count == 0 ? "" : $", {Words.Count(left.Count, "model")} not checked")
                + $": {Words.Count(errors, "error")}"
                + (warnings == 0 ? "" : $", {Words.Count(warnings, "warning")}")
                + "\n"
        );
    }

    public static string ToJson(CheckReport report, IReadOnlyCollection<Diagnostic> diagnostics) =>
        JsonLine.Write(json =>
        {
            json.WriteBoolean("success", !diagnostics.Any(one => one.IsError));
            json.WriteStartArray("models");
            foreach (var model in report.Models)
            {
                json.WriteStartObject();
                json.WriteString("unique_id", model.Model.UniqueId);
                json.WriteString("name", model.Model.Name);
                json.WriteString("path", model.Model.Path);
                json.WriteString(
                    "status",
                    model.Status switch
                    {
                        CheckStatus.Checked => "checked",
                        CheckStatus.HasErrors => "errors",
                        _ => "not_checked",
                    }
                );
                json.WriteString("reason", model.Reason?.Text);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteNumber("tests", report.Tests.Length);
            json.WriteStartArray("diagnostics");
            foreach (var one in diagnostics)
                Write(json, one);
            json.WriteEndArray();
        });

    private static void Write(Utf8JsonWriter json, Diagnostic one)
    {
        json.WriteStartObject();
        json.WriteString("code", one.Code);
        json.WriteString("severity", one.IsError ? "error" : "warning");
        json.WriteString("message", one.Message);
        json.WriteStartArray("details");
        foreach (var line in one.Details)
            json.WriteStringValue(line);
        json.WriteEndArray();
        json.WriteString("at", one.Span?.ToString());
        json.WriteString("hint", one.Hint);
        json.WriteEndObject();
    }
}
