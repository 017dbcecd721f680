using System.Globalization;
using Strata.Compiler.Diagnostics;

namespace Strata.Cli.CommandLine;

/// <summary>How long a command waits for another run, for the commands that write.</summary>
public sealed class WaitFlag
{
    private static readonly TimeSpan Most = TimeSpan.FromDays(7);

    public Flag<string?> Flag { get; } =
        new(
            FlagGroup.Running,
            "--wait",
            null,
            "duration",
            "wait this long while another run has the lock: 90s, 30m or 2h (default: not at all)"
        );

    /// <returns>Null, after saying why, for what is no length of time.</returns>
    public TimeSpan? Read(CommandContext context)
    {
        if (context.Get(Flag) is not { } text)
            return TimeSpan.Zero;
        if (Parse(text) is { } length && length <= Most)
            return length;
        context.Fail(
            CommandLineDiagnostics.InvalidValue(
                Flag.Name,
                $"'{text}' is not a duration of at most 7 days",
                "write a number and s, m or h: 90s, 30m, 2h"
            )
        );
        return null;
    }

    private static TimeSpan? Parse(string text) =>
        text.Length > 1
        && int.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            ? text[^1] switch
            {
                's' => TimeSpan.FromSeconds(count),
                'm' => TimeSpan.FromMinutes(count),
                'h' => TimeSpan.FromHours(count),
                _ => null,
            }
            : null;
}
