using System.CommandLine;
using Strata.Cli.Commands;

namespace Strata.Cli.CommandLine;

/// <summary>All commands, in the order in which a newcomer meets them. Made anew for each invocation.</summary>
public sealed class CommandTree
{
    // no response files: a selector may begin with '@'
    private static readonly ParserConfiguration Configuration = new() { ResponseFileTokenReplacer = null };

    public CommandTree()
    {
        foreach (var flag in Global.All)
            Root.Add(flag.Option);
        Root.Add(new Option<bool>("--version"));
        foreach (var command in Commands)
            Root.Add(command);
    }

    public Command Root { get; } = new("strata");

    public GlobalFlags Global { get; } = new();

    public IReadOnlyList<StrataCommand> Commands { get; } =
    [
        new InitCommand(),
        new BuildCommand(),
        new PlanCommand(),
        new RunModelsCommand(),
        new TestCommand(),
        new SeedCommand(),
        new ShowCommand(),
        new LsCommand(),
        new CompileCommand(),
        new DebugCommand(),
        new CleanCommand(),
    ];

    public ParseResult Parse(IReadOnlyList<string> args) => Root.Parse(args, Configuration);
}
