using System.Diagnostics;
using System.Globalization;

namespace Strata.Runner.Execution;

/// <summary>
/// Named places at which a run dies or fails on purpose, for the crash suite. Unarmed, a hit is one comparison.
/// </summary>
public sealed class Failpoints
{
    public static readonly Failpoints None = new(null, Action.Error, null, hit: 0);

    private const string PauseWord = "pause=";
    private static readonly TimeSpan PausePoll = TimeSpan.FromMilliseconds(20);

    private readonly FailpointName? _armed;
    private readonly Action _action;
    private readonly string? _pauseFile;
    private int _remaining;

    private Failpoints(FailpointName? armed, Action action, string? pauseFile, int hit)
    {
        _armed = armed;
        _action = action;
        _pauseFile = pauseFile;
        _remaining = hit;
    }

    private enum Action
    {
        Error,
        Kill,
        Pause,
    }

    /// <summary>
    /// Reads <c>publish.after_commit:kill</c>, <c>stage.after:error</c>, <c>stage.after:pause=/tmp/here</c> (makes
    /// that file and waits until somebody deletes it), each also with <c>@3</c> (the third time it is reached).
    /// </summary>
    /// <exception cref="FormatException">The text names no failpoint or no action.</exception>
    public static Failpoints Parse(string? text)
    {
        if (string.IsNullOrEmpty(text))
            return None;
        var at = text.LastIndexOf('@');
        var (spec, hit) =
            at > 0 && int.TryParse(text.AsSpan(at + 1), CultureInfo.InvariantCulture, out var number)
                ? (text[..at], number)
                : (text, 1);
        if (spec.Split(':', 2) is [var word, var what] && Find(word) is { } name)
        {
            if (what == "kill")
                return new Failpoints(name, Action.Kill, null, hit);
            if (what == "error")
                return new Failpoints(name, Action.Error, null, hit);
            if (what.StartsWith(PauseWord, StringComparison.Ordinal) && what.Length > PauseWord.Length)
                return new Failpoints(name, Action.Pause, what[PauseWord.Length..], hit);
        }
        throw new FormatException(
            $"failpoint '{text}' is not <name>:kill, <name>:error or <name>:pause=<file> with a name of: "
                + string.Join(", ", Enum.GetValues<FailpointName>().Select(Word))
        );
    }

    /// <summary>The name as the environment variable spells it: <c>publish.after_commit</c>.</summary>
    public static string Word(FailpointName name)
    {
        var text = name.ToString();
        var split = text.AsSpan(1).IndexOfAnyInRange('A', 'Z') + 1;
        var rest = text[split..];
        var words = string.Concat(
            rest.Select(
                (c, i) =>
                    i > 0 && char.IsUpper(c) ? $"_{char.ToLowerInvariant(c)}" : $"{char.ToLowerInvariant(c)}"
            )
        );
        return $"{text[..split].ToLowerInvariant()}.{words}";
    }

    /// <summary>Dies here if this is the armed place and its time has come.</summary>
    /// <exception cref="FailpointException">The place is armed with <c>error</c>.</exception>
    public void Hit(FailpointName name)
    {
        if (_armed != name || Interlocked.Decrement(ref _remaining) != 0)
            return;
        if (_action == Action.Error)
            throw new FailpointException(name);
        if (_pauseFile is not null)
        {
            Pause(_pauseFile);
            return;
        }
        // SIGKILL on Unix: no finally block, no flush, as if the machine had lost power for this process
#pragma warning disable RS0030 // dying on the spot is what an armed failpoint is for
        using var self = Process.GetCurrentProcess();
        self.Kill();
        Thread.Sleep(Timeout.Infinite);
#pragma warning restore RS0030
    }

    private static void Pause(string file)
    {
#pragma warning disable RS0030 // whoever paused the run may take any time, whatever the run's clock says
        File.WriteAllText(file, "paused");
        while (File.Exists(file))
            Thread.Sleep(PausePoll);
#pragma warning restore RS0030
    }

    private static FailpointName? Find(string word)
    {
        foreach (var name in Enum.GetValues<FailpointName>())
        {
            if (Word(name) == word)
                return name;
        }
        return null;
    }
}
