using System.Text.Json;
using Strata.Compiler.Manifest;
using Strata.Tests.Engine.Verdicts;

namespace Strata.Runner.Results;

/// <summary>What there is to know of a test's result, as members of an object: the same in artifacts, events and reports.</summary>
public static class TestResultJson
{
    /// <summary>The figures and the place of every test, and for one that did not pass what is needed to act on it.</summary>
    public static void WriteMembers(Utf8JsonWriter json, TestResult result)
    {
        var test = result.Test;
        WriteText(json, "node", test.AttachedNode);
        WriteText(json, "column_name", test.Column);
        json.WriteString("severity", test.Config.Severity.ToString().ToLowerInvariant());
        json.WriteString("threshold", ThresholdWords.Of(test));
        if (TestWords.Arguments(test) is { Length: > 0 } arguments)
            json.WriteString("expected", arguments);
        WriteNumber(json, "rows_checked", result.Checked);
        if (result.Percent is { } percent)
            json.WriteNumber("percent", Math.Round(percent, 6));
        WriteText(json, "observed", result.Observed);
        WriteText(json, "note", result.Note);
        json.WriteBoolean("batch_only", result.BatchOnly);
        WriteText(json, "all_rows_because", result.WholeBecause);
        WritePlace(json, test);
        if (result.Samples is { } samples)
            WriteSamples(json, samples);
        if (result.FailingRowsSql is { } sql)
        {
            json.WriteString("query", sql);
            json.WriteBoolean("rows_were_staged", result.ReadsStage);
        }
        WriteText(json, "stored_in", result.StoredIn);
    }

    private static void WritePlace(Utf8JsonWriter json, TestNode test)
    {
        var place = test.Declaration;
        json.WriteString("path", place.File.Path);
        json.WriteNumber("line", place.Start.Line);
        json.WriteNumber("column", place.Start.Column);
    }

    private static void WriteSamples(Utf8JsonWriter json, FailingRows samples)
    {
        json.WriteStartObject("samples");
        json.WriteStartArray("columns");
        foreach (var column in samples.Columns)
            json.WriteStringValue(column);
        json.WriteEndArray();
        json.WriteStartArray("masked");
        foreach (var column in samples.Masked)
            json.WriteStringValue(column);
        json.WriteEndArray();
        json.WriteStartArray("rows");
        foreach (var row in samples.Rows)
        {
            json.WriteStartArray();
            foreach (var value in row)
                json.WriteStringValue(value);
            json.WriteEndArray();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteText(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
            json.WriteString(name, value);
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, long? value)
    {
        if (value is { } number)
            json.WriteNumber(name, number);
    }
}
