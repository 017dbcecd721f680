using Strata.Cli.Output;
using Strata.Runner.Events;
using Strata.Runner.Results;

namespace Strata.Cli.Progress;

/// <summary>A run as one JSON object per event and line.</summary>
public sealed class JsonRunRenderer(RedactingWriter writer) : IRunRenderer
{
    public void OnEvent(RunEvent runEvent)
    {
        // the command says itself why nothing was begun, once it knows how it ends
        if (runEvent is RunFinished { Result.CouldNotStart: true })
            return;
        writer.WriteJsonLine(RunEventJson.Write(runEvent));
        writer.Flush();
    }

    public void Summarize(RunResult result) { }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
