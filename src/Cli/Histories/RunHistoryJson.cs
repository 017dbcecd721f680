using System.Globalization;
using System.Text.Json;
using Strata.Cli.Output;
using Strata.Compiler.Manifest;
using Strata.Runner.Runs;

namespace Strata.Cli.Histories;

/// <summary>Runs, and the nodes of one, as JSON objects.</summary>
public static class RunHistoryJson
{
    public static string Of(RunRow row) =>
        JsonLine.Write(json =>
        {
            var run = row.Run;
            json.WriteString("run_id", run.RunId);
            json.WriteString("target", run.Target);
            json.WriteString("command", run.Command);
            json.WriteString("started_at", Instant(run.StartedAt));
            json.WriteString("ended_at", run.EndedAt is { } ended ? Instant(ended) : null);
            json.WriteString("outcome", run.Outcome);
            if (run.ToRun is { } to)
                json.WriteString("to_run", to);
            json.WriteNumber("nodes", row.NodeCount);
            json.WriteNumber("rows_inserted", row.Sum(one => one.Inserted));
            json.WriteNumber("rows_updated", row.Sum(one => one.Updated));
            json.WriteNumber("rows_deleted", row.Sum(one => one.Deleted));
            json.WriteString("rollback", row.Back);
        });

    public static string Of((string Connection, LedgerEvent Event) node, ProjectManifest manifest) =>
        JsonLine.Write(json =>
        {
            var one = node.Event;
            json.WriteString("unique_id", one.Node);
            json.WriteString("name", ProjectHistory.NameOf(manifest, one.Node));
            json.WriteString("connection", node.Connection);
            json.WriteString("action", one.Action);
            json.WriteNumber("batch_id", one.BatchId);
            if (one.Batches is { } batches)
                json.WriteNumber("batches", batches);
            Number(json, "rows", one.Rows);
            Number(json, "rows_inserted", one.Inserted);
            Number(json, "rows_updated", one.Updated);
            Number(json, "rows_deleted", one.Deleted);
            json.WriteNumber("seconds", one.Duration.TotalSeconds);
            json.WriteString("published_at", Instant(one.At));
        });

    public static string Of((string Connection, RunFailure Failure) node, ProjectManifest manifest) =>
        JsonLine.Write(json =>
        {
            var one = node.Failure;
            json.WriteString("unique_id", one.Node);
            json.WriteString("name", ProjectHistory.NameOf(manifest, one.Node));
            json.WriteString("connection", node.Connection);
            json.WriteString("action", one.Outcome);
            json.WriteString("message", one.Message);
        });

    private static string Instant(DateTimeOffset instant) =>
        instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    private static void Number(Utf8JsonWriter json, string name, long? number)
    {
        if (number is { } value)
            json.WriteNumber(name, value);
        else
            json.WriteNull(name);
    }
}
