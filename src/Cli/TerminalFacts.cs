using System.Globalization;

namespace Strata.Cli;

/// <summary>What is known of the terminal behind stdout and stderr.</summary>
/// <param name="IsLive">Stdout is a terminal that can redraw lines, and a person may be watching.</param>
/// <param name="Width">Columns that tables must keep to; null when the output goes to a file or a pipe.</param>
/// <param name="OutColour">Whether stdout takes colours.</param>
/// <param name="ErrorColour">Whether stderr takes colours.</param>
public sealed record TerminalFacts(bool IsLive, int? Width, bool OutColour, bool ErrorColour)
{
    private const int LeastWidth = 40;

    public static readonly TerminalFacts None = new(false, null, false, false);

    /// <summary>The facts of this process: NO_COLOR, CI, TERM=dumb and COLUMNS are respected.</summary>
    public static TerminalFacts Detect(IReadOnlyDictionary<string, string> environment)
    {
        var isOutTerminal = !Console.IsOutputRedirected;
        var isErrorTerminal = !Console.IsErrorRedirected;
        var isDumb = environment.GetValueOrDefault("TERM") == "dumb";
        var takesColour = !isDumb && !IsSet(environment, "NO_COLOR");
        return new TerminalFacts(
            isOutTerminal && !isDumb && !IsSet(environment, "CI"),
            isOutTerminal ? Math.Max(LeastWidth, WindowWidth()) : AskedWidth(environment),
            isOutTerminal && takesColour,
            isErrorTerminal && takesColour
        );
    }

    // for files and pipes only: a terminal knows better than a variable how wide it is now
    private static int? AskedWidth(IReadOnlyDictionary<string, string> environment) =>
        int.TryParse(
            environment.GetValueOrDefault("COLUMNS"),
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out var width
        )
            ? Math.Max(LeastWidth, width)
            : null;

    private static bool IsSet(IReadOnlyDictionary<string, string> environment, string name) =>
        environment.GetValueOrDefault(name) is { Length: > 0 };

    private static int WindowWidth()
    {
        try
        {
            return Console.WindowWidth is > 0 and var width ? width : 80;
        }
        catch (IOException)
        {
            // a terminal that does not tell its size
            return 80;
        }
    }
}
