using Strata.Cli.Output;
using Strata.Cli.Progress;
using Strata.Runner.Planning;
using Strata.Tests.Engine.Planning;

namespace Strata.Cli.Plans;

/// <summary>How tests would be run, for <c>strata test --explain</c>.</summary>
public static class CheckExplanation
{
    public static void Write(
        TextWriter writer,
        Palette palette,
        IReadOnlyList<(PlannedNode Node, CheckPlan Checks)> nodes,
        bool withSql
    )
    {
        for (var i = 0; i < nodes.Count; i++)
        {
            var (node, checks) = nodes[i];
            var title = palette.Paint(NodeWords.Title(node), Tone.Strong);
            writer.Write($"{(i == 0 ? "" : "\n")}{title} on {node.Connection}: {checks.Explain(withSql)}");
        }
    }

    public static string ToJson(IReadOnlyList<(PlannedNode Node, CheckPlan Checks)> nodes, bool withSql) =>
        JsonLine.Write(json =>
        {
            json.WriteStartArray("nodes");
            foreach (var (node, checks) in nodes)
            {
                json.WriteStartObject();
                json.WriteString("id", node.Id);
                json.WriteString("connection", node.Connection);
                json.WriteStartArray("statements");
                foreach (var query in checks.Queries)
                {
                    json.WriteStartObject();
                    json.WriteString("what", query.Describe());
                    if (query.WhyAlone() is { } why)
                        json.WriteString("alone_because", why);
                    json.WriteStartArray("tests");
                    foreach (var member in query.Members)
                    {
                        json.WriteStartObject();
                        json.WriteString("id", member.Test.UniqueId);
                        json.WriteString("name", member.Test.Name);
                        if (member.BatchWords() is not null)
                            json.WriteBoolean("batch_only", member.ReadsBatchOnly);
                        if (member.WholeBecause is { } because)
                            json.WriteString("all_rows_because", because);
                        json.WriteEndObject();
                    }
                    json.WriteEndArray();
                    if (withSql)
                        json.WriteString("sql", query.Sql);
                    json.WriteEndObject();
                }
                json.WriteEndArray();
                json.WriteStartArray("reconciliations");
                foreach (var check in checks.Reconciliations)
                {
                    json.WriteStartObject();
                    json.WriteString("what", check.DescribeSteps());
                    json.WriteString("id", check.Test.UniqueId);
                    json.WriteString("name", check.Test.Name);
                    json.WriteEndObject();
                }
                json.WriteEndArray();
                json.WriteStartArray("rejected");
                foreach (var rejected in checks.Rejected)
                {
                    json.WriteStartObject();
                    json.WriteString("id", rejected.Test.UniqueId);
                    json.WriteString("because", rejected.Diagnostics[0].Message);
                    json.WriteEndObject();
                }
                json.WriteEndArray();
                json.WriteEndObject();
            }
            json.WriteEndArray();
        });
}
