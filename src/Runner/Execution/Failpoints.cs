using System.Diagnostics;
using System.Globalization;

namespace Strata.Runner.Execution;

/// <summary>
/// Named places at which a run dies or fails on purpose, for the crash suite. Unarmed, a hit is one comparison.
/// </summary>
public sealed class Failpoints
{
    public static readonly Failpoints None = new(null, kill: false, hit: 0);

    private readonly FailpointName? _armed;
    private readonly bool _kill;
    private int _remaining;

    private Failpoints(FailpointName? armed, bool kill, int hit)
    {
        _armed = armed;
        _kill = kill;
        _remaining = hit;
    }

    /// <summary>
    /// Reads <c>publish.after_commit:kill</c>, <c>stage.after:error</c> or <c>stage.after:kill@3</c> (the third
    /// time it is reached).
    /// </summary>
    /// <exception cref="FormatException">The text names no failpoint or no action.</exception>
    public static Failpoints Parse(string? text)
    {
        if (string.IsNullOrEmpty(text))
            return None;
        var (spec, hit) = text.Split('@') is [var before, var number]
            ? (before, int.Parse(number, CultureInfo.InvariantCulture))
            : (text, 1);
        if (spec.Split(':') is not [var word, "kill" or "error"] || Find(word) is not { } name)
        {
            throw new FormatException(
                $"failpoint '{text}' is not <name>:kill or <name>:error with a name of: "
                    + string.Join(", ", Enum.GetValues<FailpointName>().Select(Word))
            );
        }
        return new Failpoints(name, spec.EndsWith(":kill", StringComparison.Ordinal), hit);
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
        if (!_kill)
            throw new FailpointException(name);
        // SIGKILL on Unix: no finally block, no flush, as if the machine had lost power for this process
#pragma warning disable RS0030 // dying on the spot is what an armed failpoint is for
        using var self = Process.GetCurrentProcess();
        self.Kill();
        Thread.Sleep(Timeout.Infinite);
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
