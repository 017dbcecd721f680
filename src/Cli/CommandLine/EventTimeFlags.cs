using Strata.Compiler.Diagnostics;
using Strata.Compiler.Text;
using Strata.Runner.Microbatches;

namespace Strata.Cli.CommandLine;

/// <summary>Reads --event-time-start and --event-time-end: the start before the end, which is now where it is not given.</summary>
public static class EventTimeFlags
{
    /// <returns>False, after saying why, when they make no sense; a null range when they are not given.</returns>
    public static bool TryRead(CommandContext context, RunFlags flags, out EventTimeRange? range)
    {
        range = null;
        var (start, end) = (context.Get(flags.EventTimeStart), context.Get(flags.EventTimeEnd));
        if (start is null && end is null)
            return true;
        var (startName, endName) = (flags.EventTimeStart.Name, flags.EventTimeEnd.Name);
        if (start is null)
        {
            context.Fail(CommandLineDiagnostics.OneBound(endName, startName));
            return false;
        }
        var to = context.Host.Time.GetUtcNow();
        if (
            !TryParse(context, startName, start, out var from)
            || end is not null && !TryParse(context, endName, end, out to)
        )
            return false;
        if (from >= to)
        {
            context.Fail(CommandLineDiagnostics.EmptyRange(start, end));
            return false;
        }
        range = new EventTimeRange(from, to);
        return true;
    }

    private static bool TryParse(
        CommandContext context,
        string flag,
        string value,
        out DateTimeOffset instant
    )
    {
        if (UtcInstant.TryParse(value, out instant))
            return true;
        context.Fail(CommandLineDiagnostics.NotAnInstant(flag, value));
        return false;
    }
}
