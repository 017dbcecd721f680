using System.Globalization;
using Strata.Cli.CommandLine;
using Strata.Cli.Output;
using Strata.Cli.Session;
using Strata.Compiler.Manifest;
using Strata.Runner.Adapters;
using Strata.Runner.Adapters.Errors;
using Strata.Runner.Quarantine;
using Strata.Runner.State.Rejected;

namespace Strata.Cli.Commands.Quarantine;

/// <summary><c>strata quarantine list</c>: each node that has diverted rows, and why.</summary>
internal static class QuarantineList
{
    public static async Task<int> RunAsync(
        CommandContext context,
        ProjectManifest manifest,
        IReadOnlyCollection<RelationNode> nodes,
        AdapterSet adapters,
        bool asJson,
        bool all
    )
    {
        var found = new List<QuarantineSummary>();
        var lost = new List<(RelationNode Node, RejectedSummary Of)>();
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
                var byId = group.ToDictionary(node => node.UniqueId);
                lost.AddRange(
                    (await RejectedReader.ListAsync(session, adapter.Dialect, context.Cancellation))
                        .Where(summary => byId.ContainsKey(summary.Consumer))
                        .Select(summary => (byId[summary.Consumer], summary))
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
        {
            WriteJson(context, found);
            WriteJson(context, lost);
            return ExitCode.Ok;
        }
        var settled = all ? 0 : found.RemoveAll(summary => summary.Open == 0);
        if (found.Count + lost.Count == 0)
            context.Remark(
                settled == 0
                    ? "nothing is quarantined"
                    : $"nothing is quarantined; --all lists {Words.Count(settled, "model")} whose rows are settled"
            );
        if (found.Count > 0)
            WriteTable(context, found);
        if (found.Count > 0 && lost.Count > 0)
            context.Out.Write("\n");
        if (lost.Count > 0)
            WriteTable(context, manifest, lost);
        return ExitCode.Ok;
    }

    private static void WriteTable(
        CommandContext context,
        ProjectManifest manifest,
        List<(RelationNode Node, RejectedSummary Of)> lost
    )
    {
        var table = new TextTable(
            "model",
            "source",
            new TextTable.Column("rows", IsRight: true),
            new TextTable.Column("whole files", IsRight: true),
            "oldest",
            "where"
        );
        foreach (var (node, of) in lost)
        {
            var more = of.Paths.Length > 1 ? $" and {Words.Number(of.Paths.Length - 1)} more" : "";
            table.Add(
                node.Name,
                Source(of),
                Words.Number(of.Rows),
                Words.Number(of.Files),
                of.Oldest is { } oldest ? Age(context.Host.Time.GetUtcNow() - oldest) : "",
                of.Paths[0] + more
            );
        }
        table.Write(context.Out, context.OutPalette, context.Terminal.Width);
        context.Remark(
            $"'strata quarantine show {lost[0].Node.Name} --landed' prints what landed files lost; {WayBack.Of(manifest, lost.Select(one => one.Of))}"
        );
    }

    /// <summary>The name of a source as users write it, of <c>source.project.hr.people</c>.</summary>
    private static string Source(RejectedSummary of) => string.Join('.', of.Source.Split('.')[^2..]);

    private static void WriteJson(CommandContext context, List<(RelationNode Node, RejectedSummary Of)> lost)
    {
        foreach (var (node, of) in lost)
        {
            var line = JsonLine.Write(json =>
            {
                json.WriteString("name", node.Name);
                json.WriteString("unique_id", node.UniqueId);
                json.WriteString("connection", node.Connection);
                json.WriteString("source", of.Source);
                json.WriteNumber("rejected_rows", of.Rows);
                json.WriteNumber("rejected_files", of.Files);
                json.WriteStartArray("paths");
                foreach (var path in of.Paths)
                    json.WriteStringValue(path);
                json.WriteEndArray();
            });
            context.Out.WriteJsonLine(line);
        }
    }

    private static void WriteTable(CommandContext context, List<QuarantineSummary> found)
    {
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
            context.Out.WriteJsonLine(line);
        }
    }
}
