using System.Collections.Immutable;
using Strata.Cli.Output;
using Strata.Runner.Events;
using Strata.Runner.Planning;
using Strata.Runner.Results;

namespace Strata.Cli.Progress;

/// <summary>What is going on right now, as lines that are drawn again and again. Safe to share between threads.</summary>
public sealed class RunningNodes(TimeProvider time)
{
    private const int MostLines = 8;
    private const string Frames = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏";
    private static readonly TimeSpan FrameTime = TimeSpan.FromMilliseconds(100);

    private readonly Lock _lock = new();
    private readonly List<Running> _running = [];
    private readonly long _startedAt = time.GetTimestamp();
    private int _total;
    private int _finished;
    private int _failed;

    public void OnEvent(RunEvent runEvent)
    {
        lock (_lock)
        {
            switch (runEvent)
            {
                case RunStarted started:
                    _total = started.Plan.Nodes.Length;
                    break;
                case NodeStarted started:
                    var before = _running.Find(running => running.Node.Id == started.Node.Id);
                    if (before is null)
                        _running.Add(
                            new Running(started.Node, time.GetTimestamp()) { Phase = started.Phase }
                        );
                    else
                        before.Phase = started.Phase;
                    break;
                case NodeProgress progress:
                    if (_running.Find(running => running.Node.Id == progress.Node.Id) is { } moving)
                        moving.Progress = progress;
                    break;
                case NodeStaged staged:
                    _running.RemoveAll(running => running.Node.Id == staged.Result.Node.Id);
                    break;
                case NodeFinished finished:
                    _running.RemoveAll(running => running.Node.Id == finished.Result.Node.Id);
                    _finished++;
                    if (finished.Result.Outcome is Outcome.Failed or Outcome.PartialSuccess)
                        _failed++;
                    break;
            }
        }
    }

    /// <summary>One line for each running node, longest first, then how far the run is.</summary>
    public ImmutableArray<(string Mark, string Text)> Lines(int width)
    {
        lock (_lock)
        {
            var elapsed = time.GetElapsedTime(_startedAt);
            var frame = Frames[(int)(elapsed / FrameTime) % Frames.Length].ToString();
            var lines = ImmutableArray.CreateBuilder<(string, string)>();
            foreach (var running in _running.Take(MostLines))
                lines.Add((frame, DisplayWidth.Cut(running.Describe(time), width - 4)));
            if (_running.Count > MostLines)
                lines.Add((" ", $"and {_running.Count - MostLines} more"));
            var failed = _failed == 0 ? "" : $"  {_failed} failed";
            lines.Add((" ", $"{_finished} of {_total}{failed}  {Words.Duration(elapsed)}"));
            return lines.ToImmutable();
        }
    }

    private sealed class Running(PlannedNode node, long startedAt)
    {
        public PlannedNode Node { get; } = node;

        public required string Phase { get; set; }

        public NodeProgress? Progress { get; set; }

        public string Describe(TimeProvider time)
        {
            var progress = Progress is null ? "" : $"  {NodeWords.Progress(Progress)}";
            return $"{NodeWords.Title(Node)}  {Phase}{progress}  {Words.Duration(time.GetElapsedTime(startedAt))}";
        }
    }
}
