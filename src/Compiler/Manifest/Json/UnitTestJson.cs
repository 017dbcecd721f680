using System.Text.Json;
using Strata.Compiler.Manifest.Tests;

namespace Strata.Compiler.Manifest.Json;

/// <summary>Writes what is particular to a unit test, in the shape of dbt's manifest.</summary>
internal sealed class UnitTestJson(Utf8JsonWriter json, ProjectManifest manifest)
{
    public void Write(UnitTestNode test)
    {
        json.WriteString("model", manifest.Nodes[test.Model].Name);
        json.WriteString("tested_node_unique_id", test.Model);
        json.WriteStartArray("given");
        foreach (var input in test.Given)
        {
            json.WriteStartObject();
            json.WriteString("input", input.Text);
            WriteRows(input.Rows);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteStartObject("expect");
        WriteRows(test.Expect);
        json.WriteEndObject();
        json.WriteStartObject("strata");
        json.WriteString("compiled_code", test.Sql.Text);
        json.WriteString("engine", test.Connection);
        json.WriteBoolean("is_incremental", test.IsIncremental);
        if (test.Tolerance is { } tolerance)
            json.WriteNumber("tolerance", tolerance);
        json.WriteEndObject();
    }

    private void WriteRows(UnitTestRows? rows)
    {
        json.WriteString("format", rows?.Sql is null ? "dict" : "sql");
        if (rows?.Sql is { } sql)
        {
            json.WriteString("rows", sql.Text);
            return;
        }
        json.WriteStartArray("rows");
        foreach (var row in rows?.Rows ?? [])
        {
            json.WriteStartObject();
            for (var i = 0; i < row.Length; i++)
                json.WriteString(rows?.Columns[i].Name ?? "", row[i].Text);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }
}
