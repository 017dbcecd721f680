using System.Collections.Immutable;
using Strata.Cli.Output;
using Strata.Compiler.Diagnostics;
using Strata.Runner.Checking;

namespace Strata.Cli.Progress.Summaries;

/// <summary>What came of a check, for people and for programs.</summary>
public static class CheckSummary
{
    /// <summary>So many models are named that were not checked.</summary>
    private const int MostNamed = 20;

    /// <param name="width">Of the terminal, if there is one: the warnings say all of it.</param>
    public static void Write(
        TextWriter writer,
        CheckReport report,
        IReadOnlyCollection<Diagnostic> diagnostics,
        TimeSpan duration,
        int? width
    )
    {
        var left = report.Models.Where(model => model.Status == CheckStatus.NotChecked).ToList();
        foreach (var model in left.Take(MostNamed))
        {
            var line = $"not checked: {model.Model.Name}: {model.Reason?.Text}";
            writer.Write($"{(width is { } columns ? DisplayWidth.Cut(line, columns) : line)}\n");
        }
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
            {
                json.WriteStartObject();
                RunEventJson.WriteDiagnostic(json, one);
                json.WriteEndObject();
            }
            json.WriteEndArray();
        });
}
