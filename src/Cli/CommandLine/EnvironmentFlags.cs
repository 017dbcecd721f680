using System.CommandLine;

namespace Strata.Cli.CommandLine;

/// <summary>
/// Options that come from STRATA_... variables: they become arguments behind those that were typed, so that
/// both are read and checked by the same parser. What was typed wins.
/// </summary>
public sealed class EnvironmentFlags
{
    private readonly HashSet<Option> _used = [];

    /// <summary>The arguments to add, given what was parsed without them.</summary>
    public IReadOnlyList<string> ToArguments(
        CommandTree tree,
        ParseResult parsed,
        IReadOnlyDictionary<string, string> environment
    )
    {
        var arguments = new List<string>();
        foreach (var flag in FlagsOf(tree, parsed))
        {
            if (
                flag.EnvironmentVariable is not { } variable
                || environment.GetValueOrDefault(variable) is not { Length: > 0 } value
                || parsed.GetResult(flag.Option) is { Implicit: false }
            )
                continue;
            _used.Add(flag.Option);
            if (flag is Flag<string[]>)
            {
                foreach (var part in value.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                    arguments.Add($"{flag.Option.Name}={part}");
            }
            else
            {
                arguments.Add($"{flag.Option.Name}={(flag is Flag<bool> ? Switch(value) : value)}");
            }
        }
        return arguments;
    }

    public bool IsFromEnvironment(IFlag flag) => _used.Contains(flag.Option);

    private static IEnumerable<IFlag> FlagsOf(CommandTree tree, ParseResult parsed) =>
        parsed.CommandResult.Command.Options.OfType<IFlag>().Concat(tree.Global.All).Distinct();

    // shells and CI systems write switches in several ways
    private static string Switch(string value) =>
        value.ToLowerInvariant() switch
        {
            "1" or "yes" or "on" => "true",
            "0" or "no" or "off" => "false",
            _ => value,
        };
}
