using System.Text;
using System.Text.Json;

namespace Strata.Runner.Tests.Statements;

/// <summary>A line of the log.</summary>
internal sealed record LoggedStatement(
    DateTimeOffset At,
    string? RunId,
    string Connection,
    string Engine,
    string? Node,
    string? Phase,
    string Kind,
    double Ms,
    long? Rows,
    string? Error,
    string Sql
)
{
    public static LoggedStatement[] Read(MemoryStream log) =>
        [
            .. Encoding
                .UTF8.GetString(log.ToArray())
                .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(Parse),
        ];

    private static LoggedStatement Parse(string line)
    {
        using var json = JsonDocument.Parse(line);
        var root = json.RootElement;
        var rows = root.GetProperty("rows");
        return new LoggedStatement(
            root.GetProperty("started_at").GetDateTimeOffset(),
            Text("run_id"),
            Text("connection") ?? "",
            Text("engine") ?? "",
            Text("node"),
            Text("phase"),
            Text("kind") ?? "",
            root.GetProperty("ms").GetDouble(),
            rows.ValueKind == JsonValueKind.Null ? null : rows.GetInt64(),
            Text("error"),
            Text("sql") ?? ""
        );

        string? Text(string name) => root.GetProperty(name).GetString();
    }
}
