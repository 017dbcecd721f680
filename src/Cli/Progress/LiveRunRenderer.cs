using System.Collections.Immutable;
using Spectre.Console;
using Spectre.Console.Rendering;
using Strata.Cli.Output;
using Strata.Cli.Progress.Summaries;
using Strata.Compiler.Manifest;
using Strata.Runner.Events;
using Strata.Runner.Results;
using Palette = Strata.Cli.Output.Palette;

namespace Strata.Cli.Progress;

/// <summary>
/// A run on a terminal: finished nodes scroll away above, running ones are redrawn below, and the end is a
/// table by layer. The only user of Spectre.Console, which is not loaded otherwise.
/// </summary>
public sealed class LiveRunRenderer : IRunRenderer
{
    private static readonly TimeSpan Redraw = TimeSpan.FromMilliseconds(100);

    private readonly TextWriter _writer;
    private readonly Palette _palette;
    private readonly ProjectManifest _manifest;
    private readonly string _command;
    private readonly int _width;
    private readonly IAnsiConsole _console;
    private readonly RunningNodes _running;
    private readonly TimeProvider _time;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ImmutableArray<GroupPublished>.Builder _published =
        ImmutableArray.CreateBuilder<GroupPublished>();
    private NodeLine? _line;
    private Task? _display;

    /// <param name="command">The command as typed, to be named in the next step.</param>
    public LiveRunRenderer(
        TextWriter writer,
        TerminalFacts terminal,
        ProjectManifest manifest,
        TimeProvider time,
        string command
    )
    {
        _writer = writer;
        _palette = Palette.For(terminal.OutColour);
        _manifest = manifest;
        _time = time;
        _command = command;
        _width = terminal.Width ?? 80;
        _running = new RunningNodes(time);
        _console = AnsiConsole.Create(
            new AnsiConsoleSettings
            {
                Ansi = AnsiSupport.Yes,
                Interactive = InteractionSupport.Yes,
                ColorSystem = terminal.OutColour ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
                Out = new AnsiConsoleOutput(writer),
            }
        );
        _console.Profile.Width = _width;
    }

    public void OnEvent(RunEvent runEvent)
    {
        _running.OnEvent(runEvent);
        switch (runEvent)
        {
            case RunStarted started:
                _line = new NodeLine(started.Plan, _palette, withGlyphs: true);
                _display = ShowAsync();
                break;
            case NodeFinished finished:
                // while the live part is shown, the console puts whatever is written above it
                _console.Write(new ControlCode(_line?.Format(finished.Result) + "\n"));
                break;
            case GroupPublished published:
                _published.Add(published);
                break;
        }
    }

    public void Summarize(RunResult result)
    {
        if (result.Nodes.IsEmpty)
            return;
        var summary = new RunSummary(result, _published.ToImmutable(), _palette);
        _writer.Write("\n");
        // after a failure the eye should find what failed, not what did not
        if (result.IsSuccess)
            summary.WriteTable(_writer, _manifest, _width);
        summary.WriteTotals(_writer);
        if (summary.NextStep(_command) is { } next)
            _writer.Write($"{_palette.Paint("next:", Tone.Quiet)} {_palette.Paint(next, Tone.Accent)}\n");
    }

    public async ValueTask DisposeAsync()
    {
        _ended.TrySetResult();
        if (_display is not null)
            await _display;
    }

    private Task ShowAsync() =>
        _console
            .Live(Draw())
            .AutoClear(true)
            .StartAsync(async live =>
            {
                while (!_ended.Task.IsCompleted)
                {
                    live.UpdateTarget(Draw());
                    await Task.WhenAny(_ended.Task, Task.Delay(Redraw, _time)).ConfigureAwait(false);
                }
            });

    private IRenderable Draw() =>
        new Rows(
            _running
                .Lines(_width)
                .Select(line => new Markup($"[aqua]{line.Mark}[/]  [grey]{Markup.Escape(line.Text)}[/]"))
        );
}
