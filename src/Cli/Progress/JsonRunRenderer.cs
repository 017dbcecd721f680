using Strata.Runner.Events;
using Strata.Runner.Results;

namespace Strata.Cli.Progress;

/// <summary>A run as one JSON object per event and line.</summary>
public sealed class JsonRunRenderer(TextWriter writer) : IRunRenderer
{
    public void OnEvent(RunEvent runEvent)
    {
        writer.Write(RunEventJson.Write(runEvent) + "\n");
        writer.Flush();
    }

    public void Summarize(RunResult result) { }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
