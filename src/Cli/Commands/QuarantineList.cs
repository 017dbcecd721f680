using System.Globalization;
using Strata.Cli.CommandLine;
using Strata.Cli.Output;
using Strata.Cli.Session;
using Strata.Compiler.Manifest;
using Strata.Runner.Adapters;
using Strata.Runner.Quarantine;

namespace Strata.Cli.Commands;

/// <summary><c>strata quarantine list</c>: each node that has diverted rows, and why.</summary>
internal static class QuarantineList
{
    public static async Task<int> RunAsync(
        CommandContext context,
        ProjectManifest manifest,
        IReadOnlyCollection<RelationNode> nodes,
        AdapterSet adapters,
        bool asJson
    )
    {
        var found = new List<QuarantineSummary>();
        foreach (var group in nodes.GroupBy(node => node.Connection).OrderBy(group => group.Key))
        {
            var adapter = adapters.Adapters[group.Key];
            try
            {
                await using var session = await adapter.OpenSessionAsync(context.Cancellation);
                found.AddRange(
                    await QuarantineReader.ListAsync(
                        session,
                        adapter.Dialect,
                        [.. group],
                        context.Cancellation
                    )
                );
            }
            catch (EngineException exception)
            {
                return context.Fail(
                    QuarantineCommand.Explain(manifest.Connections[group.Key], exception.Error)
                );
            }
        }
        if (asJson)
            WriteJson(context, found);
        else
            WriteTable(context, found);
        return ExitCode.Ok;
    }

    private static void WriteTable(CommandContext context, List<QuarantineSummary> found)
    {
        if (found.Count == 0)
        {
            context.Remark("nothing is quarantined");
            return;
        }
        var table = new TextTable(
            "model",
            new TextTable.Column("open", IsRight: true),
            "reasons",
            "oldest",
            new TextTable.Column("replayed", IsRight: true),
            new TextTable.Column("dropped", IsRight: true)
        );
        foreach (var summary in found)
        {
            // one line a reason: names are long
            var reasons = summary.Reasons.Select(reason => $"{Words.Number(reason.Rows)} {reason.Name}");
            var isFirst = true;
            foreach (var reason in reasons.DefaultIfEmpty(""))
            {
                table.Add(
                    isFirst ? summary.Node.Name : "",
                    isFirst ? Words.Number(summary.Open) : "",
                    reason,
                    isFirst && summary.Oldest is { } oldest
                        ? Age(context.Host.Time.GetUtcNow() - oldest)
                        : "",
                    isFirst ? Words.Number(summary.Replayed + summary.Superseded) : "",
                    isFirst ? Words.Number(summary.Dropped) : ""
                );
                isFirst = false;
            }
        }
        table.Write(context.Out, context.OutPalette, context.Terminal.Width);
        if (found.Find(summary => summary.Open > 0) is { } first)
            context.Remark($"'strata quarantine show {first.Node.Name}' prints the rows");
    }

    private static string Age(TimeSpan age) =>
        age < TimeSpan.FromDays(1) ? "today" : Words.Count((long)age.TotalDays, "day");

    private static void WriteJson(CommandContext context, List<QuarantineSummary> found)
    {
        foreach (var summary in found)
        {
            var line = JsonLine.Write(json =>
            {
                json.WriteString("name", summary.Node.Name);
                json.WriteString("unique_id", summary.Node.UniqueId);
                json.WriteString("connection", summary.Node.Connection);
                json.WriteString("table", summary.Table.ToString());
                json.WriteNumber("open", summary.Open);
                json.WriteNumber("replayed", summary.Replayed);
                json.WriteNumber("superseded", summary.Superseded);
                json.WriteNumber("dropped", summary.Dropped);
                json.WriteStartObject("reasons");
                foreach (var (name, rows) in summary.Reasons)
                    json.WriteNumber(name, rows);
                json.WriteEndObject();
                if (summary.Oldest is { } oldest)
                    json.WriteString(
                        "oldest",
                        oldest.UtcDateTime.ToString("o", CultureInfo.InvariantCulture)
                    );
                else
                    json.WriteNull("oldest");
            });
            context.Out.Write(line + "\n");
        }
    }
}
