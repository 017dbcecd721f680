using System.Collections.Immutable;
using System.CommandLine;
using Strata.Cli.Commands;
using Strata.Cli.Commands.Executing;
using Strata.Cli.Commands.Proving;
using Strata.Cli.Commands.Quarantine;
using Strata.Cli.Commands.UnitTests;

namespace Strata.Cli.CommandLine;

/// <summary>
/// The commands, in the order in which a newcomer meets them. Made anew for each invocation, and of all commands
/// only those that its arguments name: each costs a part of a start-up that is meant to be hardly noticed.
/// </summary>
public sealed class CommandTree
{
    // no response files: a selector may begin with '@'
    private static readonly ParserConfiguration Configuration = new() { ResponseFileTokenReplacer = null };

    private static readonly ImmutableArray<CommandEntry> Entries =
    [
        new("init", () => new InitCommand()),
        new("build", () => new BuildCommand()),
        new("plan", () => new PlanCommand()),
        new("run", () => new RunModelsCommand()),
        new("check", () => new CheckCommand()),
        new("test", () => new TestCommand()),
        new("source", () => new SourceCommand()),
        new("unit-test", () => new UnitTestCommand()),
        new("prove", () => new ProveCommand()),
        new("seed", () => new SeedCommand()),
        new("snapshot", () => new SnapshotCommand()),
        new("show", () => new ShowCommand()),
        new("quarantine", () => new QuarantineCommand()),
        new("ls", () => new LsCommand()) { Alias = "list" },
        new("compile", () => new CompileCommand()),
        new("docs", () => new DocsCommand()),
        new("runs", () => new RunsCommand()),
        new("rollback", () => new RollbackCommand()),
        new("explain", () => new ExplainCommand()),
        new("debug", () => new DebugCommand()),
        new("clean", () => new CleanCommand()),
    ];

    private readonly Dictionary<string, StrataCommand> _made = new(StringComparer.Ordinal);

    /// <summary>Everything.</summary>
    public CommandTree()
        : this([]) { }

    /// <summary>What a command line needs; everything if it names no command.</summary>
    public CommandTree(IReadOnlyList<string> args)
    {
        foreach (var flag in Global.All)
            Root.Add(flag.Option);
        Root.Add(new Option<bool>("--version"));
        foreach (var entry in Entries)
        {
            if (args.Contains(entry.Name) || (entry.Alias is { } alias && args.Contains(alias)))
                Root.Add(Make(entry));
        }
        if (_made.Count > 0)
            return;
        foreach (var entry in Entries)
            Root.Add(Make(entry));
    }

    public Command Root { get; } = new("strata");

    public GlobalFlags Global { get; } = new();

    /// <summary>All of them, whatever was asked for.</summary>
    public IReadOnlyList<StrataCommand> Commands => [.. Entries.Select(Make)];

    public ParseResult Parse(IReadOnlyList<string> args) => Root.Parse(args, Configuration);

    /// <summary>The same arguments with the verb that is meant where a group's name stands alone or before options.</summary>
    public IReadOnlyList<string> WithDefaultVerb(IReadOnlyList<string> args)
    {
        var parsed = Parse(args);
        if (
            parsed.CommandResult.Command is not CommandGroup { DefaultVerb: { } verb } group
            || parsed.GetValue(Global.Help)
            || args[0] == "help"
        )
            return args;
        // a value of an option may be the same word
        var at = 0;
        while (args[at] != group.Name || Parse([.. args.Take(at + 1)]).CommandResult.Command != group)
            at++;
        var isAlone = at + 1 == args.Count || args[at + 1].StartsWith('-');
        return isAlone ? [.. args.Take(at + 1), verb, .. args.Skip(at + 1)] : args;
    }

    private StrataCommand Make(CommandEntry entry)
    {
        if (!_made.TryGetValue(entry.Name, out var command))
            _made[entry.Name] = command = entry.Create();
        return command;
    }

    /// <param name="Name">As the command itself has it: a test compares them.</param>
    private sealed record CommandEntry(string Name, Func<StrataCommand> Create)
    {
        public string? Alias { get; init; }
    }
}
