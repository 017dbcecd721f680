namespace Strata.Cli.CommandLine;

/// <summary>A command that is only the name of others, its verbs: each has options, help and examples of its own.</summary>
public abstract class CommandGroup : StrataCommand
{
    protected CommandGroup(string name, string summary, params ReadOnlySpan<StrataCommand> verbs)
        : base(name, summary)
    {
        foreach (var verb in verbs)
            Add(verb);
    }

    /// <summary>The verb that is meant where none is typed; null if one must be.</summary>
    public virtual string? DefaultVerb => null;

    public sealed override Task<int> RunAsync(CommandContext context) =>
        throw new InvalidOperationException("a verb runs, never their group");
}
