using System.Collections.Immutable;
using Strata.Cli.Output;
using Strata.Cli.Progress.Summaries;
using Strata.Runner.Events;
using Strata.Runner.Results;

namespace Strata.Cli.Progress;

/// <summary>
/// A run as plain lines: one for each finished node, then the totals. Of a node that takes long it says now and then
/// how far it is.
/// </summary>
/// <param name="isQuiet">Only the nodes that did not end well, and no totals.</param>
public sealed class PlainRunRenderer(TextWriter writer, Palette palette, bool isQuiet) : IRunRenderer
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);

    private readonly Dictionary<string, DateTimeOffset> _lastSaid = [];
    private readonly ImmutableArray<GroupPublished>.Builder _published =
        ImmutableArray.CreateBuilder<GroupPublished>();
    private NodeLine? _line;

    public void OnEvent(RunEvent runEvent)
    {
        switch (runEvent)
        {
            case RunStarted started:
                _line = new NodeLine(started.Plan, palette, withGlyphs: false);
                break;
            case NodeProgress progress when !isQuiet && IsTime(progress):
                writer.Write($"...    {NodeWords.Title(progress.Node)}  {NodeWords.Progress(progress)}\n");
                writer.Flush();
                break;
            case NodeFinished finished when !isQuiet || IsTrouble(finished.Result.Outcome):
                writer.Write(_line?.Format(finished.Result) + "\n");
                writer.Flush();
                break;
            case GroupPublished published:
                _published.Add(published);
                break;
        }
    }

    public void Summarize(RunResult result)
    {
        if (isQuiet || result.Nodes.IsEmpty)
            return;
        writer.Write("\n");
        new RunSummary(result, _published.ToImmutable(), palette).WriteTotals(writer);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private bool IsTime(NodeProgress progress)
    {
        if (!_lastSaid.TryGetValue(progress.Node.Id, out var last))
            _lastSaid[progress.Node.Id] = last = progress.At;
        if (progress.At - last < Pause)
            return false;
        _lastSaid[progress.Node.Id] = progress.At;
        return true;
    }

    private static bool IsTrouble(Outcome outcome) => outcome is not (Outcome.Succeeded or Outcome.Fresh);
}
