using System.Text.Json;
using Strata.Cli.CommandLine;
using Strata.Cli.Output;
using Strata.Runner.Proving;
using Strata.Runner.Proving.Schedules;

namespace Strata.Cli.Commands.Proving;

/// <summary>Says what proving each model came to, as it comes, and how many there were of each kind.</summary>
internal sealed class ProveReport(CommandContext context, ProofOptions options, bool asJson)
{
    private readonly List<ProofResult> _results = [];

    public bool HasDifference => _results.Any(result => result.Status == ProofStatus.Differs);

    /// <summary>Whether there were models, and nothing can be said of any of them.</summary>
    public bool IsInVain =>
        _results.Count > 0 && _results.All(result => result.Status == ProofStatus.NotProven);

    public void Add(ProofResult result)
    {
        _results.Add(result);
        if (asJson)
        {
            context.Out.WriteJsonLine(JsonLine.Write(json => Write(json, result)));
            return;
        }
        var (word, tone) = result.Status switch
        {
            ProofStatus.Proven => ("proven", Tone.Good),
            ProofStatus.Differs => ("differs", Tone.Bad),
            _ => ("skipped", Tone.Quiet),
        };
        context.Out.Write($"{context.OutPalette.Paint(word.PadRight(8), tone)} {result.Model.Name}\n");
        if (result.Status != ProofStatus.NotProven)
        {
            Line(
                $"{Words.Count(result.Schedules.Length, "schedule")}: {string.Join(", ", result.Schedules.Distinct())}"
            );
            Line($"{string.Join("; ", result.Inputs.Select(Text))}");
            foreach (var reason in result.Ignored.GroupBy(column => column.Reason))
                Line(
                    $"not compared: {string.Join(", ", reason.Select(column => column.Name))} ({reason.Key})"
                );
            foreach (var remark in result.Remarks)
                Line(remark);
        }
        context.Out.Flush();
        if (result.Diagnostic is { } diagnostic && (diagnostic.IsError || !context.IsQuiet))
            context.Diagnostics.Print(diagnostic);
        context.Error.Flush();
    }

    public void Summarize()
    {
        if (asJson || _results.Count == 0)
            return;
        var parts = new[]
        {
            (Count(ProofStatus.Proven), "proven"),
            (Count(ProofStatus.Differs), "with a difference"),
            (Count(ProofStatus.NotProven), "not proven"),
        };
        var words = parts
            .Where(part => part.Item1 > 0)
            .Select(part => $"{Words.Number(part.Item1)} {part.Item2}");
        context.Out.Write($"{string.Join(", ", words)}; seed {options.Seed}\n");
    }

    private int Count(ProofStatus status) => _results.Count(result => result.Status == status);

    private void Line(string text)
    {
        foreach (var line in TextWrap.Wrap(text, 70))
            context.Out.Write($"         {line}\n");
    }

    private static string Text(ProvedInput input)
    {
        var rows = input.Rows > 0 ? $"{Words.Count(input.Rows, input.Unit)} of {input.Name}" : input.Name;
        var from = input.From.Length > 0 ? $" from {input.From}" : "";
        return rows + from + (input.Grows ? "" : ", all before the first batch");
    }

    private void Write(Utf8JsonWriter json, ProofResult result)
    {
        json.WriteString("model", result.Model.Name);
        json.WriteString("unique_id", result.Model.UniqueId);
        json.WriteString(
            "status",
            result.Status switch
            {
                ProofStatus.Proven => "proven",
                ProofStatus.Differs => "differs",
                _ => "not_proven",
            }
        );
        json.WriteNumber("seed", options.Seed);
        Strings(json, "schedules", result.Schedules);
        json.WriteStartArray("inputs");
        foreach (var input in result.Inputs)
        {
            json.WriteStartObject();
            json.WriteString("name", input.Name);
            json.WriteNumber("rows", input.Rows);
            json.WriteString("from", input.From.Length > 0 ? input.From : "relation");
            json.WriteBoolean("grows", input.Grows);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteStartObject("not_compared");
        foreach (var column in result.Ignored)
            json.WriteString(column.Name, column.Reason);
        json.WriteEndObject();
        if (result.Diagnostic is { } diagnostic)
        {
            json.WriteString("code", diagnostic.Code);
            json.WriteString("message", diagnostic.Message);
            Strings(json, "details", diagnostic.Details);
        }
        if (result.Example is { } example)
        {
            json.WriteString("schedule", example.Schedule);
            json.WriteString("cause", example.Cause);
            json.WriteStartArray("delivered");
            foreach (var input in example.Delivered)
            {
                foreach (var (batch, change, cells) in input.Rows)
                {
                    json.WriteStartObject();
                    json.WriteString("input", input.Input);
                    json.WriteNumber("batch", batch);
                    if (change != RowChange.Arrives)
                        json.WriteString("change", change.ToString().ToLowerInvariant());
                    json.WriteStartObject("row");
                    for (var i = 0; i < cells.Length; i++)
                        json.WriteString(input.Columns[i], cells[i]);
                    json.WriteEndObject();
                    json.WriteEndObject();
                }
            }
            json.WriteEndArray();
        }
    }

    private static void Strings(Utf8JsonWriter json, string name, IEnumerable<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
            json.WriteStringValue(value);
        json.WriteEndArray();
    }
}
