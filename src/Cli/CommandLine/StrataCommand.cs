using System.Collections.Immutable;
using System.CommandLine;
using System.CommandLine.Parsing;

namespace Strata.Cli.CommandLine;

/// <summary>One command of <c>strata</c>: its options, its words for the help, and what it does.</summary>
public abstract class StrataCommand(string name, string summary) : Command(name, summary)
{
    /// <summary>As it is typed: <c>strata quarantine show</c>.</summary>
    public string FullName =>
        $"{Parents.OfType<StrataCommand>().FirstOrDefault()?.FullName ?? "strata"} {Name}";

    /// <summary>Commands of its own that stand behind its name; see <see cref="CommandGroup"/>.</summary>
    public IEnumerable<StrataCommand> Verbs => Subcommands.OfType<StrataCommand>();

    /// <summary>One line for the list of commands.</summary>
    public string Summary { get; } = summary;

    /// <summary>A paragraph or two for the command's own help, not wrapped.</summary>
    public abstract string Details { get; }

    public abstract ImmutableArray<CommandExample> Examples { get; }

    /// <summary>Whether the command is about a project, so that strata.yml must be found first.</summary>
    public virtual bool NeedsProject => true;

    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public abstract Task<int> RunAsync(CommandContext context);

    protected void AddAll(params IEnumerable<IFlag>[] flags)
    {
        foreach (var flag in flags.SelectMany(group => group))
        {
            if (!flag.Choices.IsEmpty)
                flag.Option.Validators.Add(result => RequireChoice(result, flag.Choices));
            if (flag.Least is { } least)
                flag.Option.Validators.Add(result => RequireAtLeast(result, least));
            Add(flag.Option);
        }
    }

    private static void RequireAtLeast(OptionResult result, int least)
    {
        // what is no number is refused where it is read
        if (result.Tokens is [var token] && int.TryParse(token.Value, out var number) && number < least)
            result.AddError("too small");
    }

    private static void RequireChoice(OptionResult result, ImmutableArray<string> choices)
    {
        if (result.Tokens.Any(token => !choices.Contains(token.Value)))
            result.AddError("not one of the choices");
    }
}
