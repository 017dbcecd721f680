using System.Text.Json;
using Strata.Cli.Output;
using Strata.Runner.Planning;

namespace Strata.Cli.Plans;

/// <summary>A plan as one JSON document.</summary>
public static class RunPlanJson
{
    public static string Write(RunPlan plan) =>
        JsonLine.Write(json =>
        {
            json.WriteString("run_id", plan.RunId);
            json.WriteString("target", plan.TargetName);
            json.WriteString("started_at", plan.StartedAt.UtcDateTime);
            json.WriteStartArray("nodes");
            foreach (var node in plan.Nodes)
            {
                json.WriteStartObject();
                Write(json, node);
                json.WriteEndObject();
            }
            json.WriteEndArray();
        });

    private static void Write(Utf8JsonWriter json, PlannedNode node)
    {
        json.WriteString("id", node.Id);
        json.WriteString("name", node.Name);
        json.WriteString("kind", JsonNamingPolicy.SnakeCaseLower.ConvertName(node.Kind.ToString()));
        json.WriteString("action", JsonNamingPolicy.SnakeCaseLower.ConvertName(node.Action.ToString()));
        json.WriteString("reason", node.Reason);
        json.WriteString("connection", node.Connection);
        json.WriteString("relation", node.Relation?.ToString());
        json.WriteString("writer", node.Writer);
        json.WriteString("writer_reason", node.WriterReason);
        json.WriteString("publish_group", node.PublishGroup);
        if (!node.Batches.IsEmpty)
        {
            json.WriteStartArray("batches");
            foreach (var batch in node.Batches)
            {
                json.WriteStartObject();
                json.WriteString("start", batch.Period.Start?.UtcDateTime ?? default);
                json.WriteString("end", batch.Period.End?.UtcDateTime ?? default);
                json.WriteString("why", batch.Why);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteStartArray("inputs_without_feed");
            foreach (var name in node.Unfollowed)
                json.WriteStringValue(name);
            json.WriteEndArray();
        }
        if (!node.Arriving.IsEmpty)
        {
            json.WriteStartArray("inputs_with_arrivals");
            foreach (var name in node.Arriving)
                json.WriteStringValue(name);
            json.WriteEndArray();
        }
        if (!node.Replaced.IsEmpty)
        {
            json.WriteStartArray("inputs_with_replaced_files");
            foreach (var name in node.Replaced)
                json.WriteStringValue(name);
            json.WriteEndArray();
        }
        json.WriteStartArray("depends_on");
        foreach (var id in node.DependsOn)
            json.WriteStringValue(id);
        json.WriteEndArray();
        json.WriteStartArray("tests");
        foreach (var test in node.Tests)
            json.WriteStringValue(test.Name);
        json.WriteEndArray();
        json.WriteStartArray("unit_tests");
        foreach (var test in node.UnitTests)
            json.WriteStringValue(test.Name);
        json.WriteEndArray();
    }
}
