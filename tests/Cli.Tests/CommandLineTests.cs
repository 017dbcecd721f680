using Strata.Cli.CommandLine;

namespace Strata.Cli.Tests;

public sealed class CommandLineTests
{
    public static TheoryData<string> Commands =>
        [.. new CommandTree().Commands.Select(command => command.Name)];

    [Theory]
    [MemberData(nameof(Commands))]
    public void Tree_OfACommandLine_HasTheCommandItNames(string command)
    {
        var tree = new CommandTree([command]);

        tree.Parse([command]).CommandResult.Command.Name.ShouldBe(command);
        tree.Root.Subcommands.ShouldHaveSingleItem();
        tree.Commands.Count.ShouldBe(Commands.Count);
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Help_OfEveryCommand_FitsEightyColumnsAndHasExamples(string command)
    {
        var host = new CliTestHost(Path.GetTempPath());

        (await host.RunAsync(command, "--help")).ShouldBe(0);

        host.Error.ShouldBeEmpty();
        host.Out.Split('\n').ShouldAllBe(line => line.Length <= 80);
        var examples = host.Out[host.Out.IndexOf("\nexamples\n", StringComparison.Ordinal)..];
        examples.Split($"strata {command}").Length.ShouldBeGreaterThan(2, "at least two examples");
    }

    public static TheoryData<string> Verbs =>
        [
            .. new CommandTree().Commands.SelectMany(command =>
                command.Verbs.Select(verb => verb.FullName["strata ".Length..])
            ),
        ];

    [Theory]
    [MemberData(nameof(Verbs))]
    public async Task Help_OfEveryVerb_IsItsOwn(string command)
    {
        var host = new CliTestHost(Path.GetTempPath());

        (await host.RunAsync([.. command.Split(' '), "--help"])).ShouldBe(0);
        var ofVerb = host.Out;
        (await host.RunAsync(["help", .. command.Split(' ')])).ShouldBe(0);

        ofVerb.ShouldStartWith($"strata {command}: ");
        ofVerb.Split('\n').ShouldAllBe(line => line.Length <= 80);
        host.Out.ShouldBe(ofVerb);
    }

    [Theory]
    [InlineData("quarantine", "quarantine list")]
    [InlineData("-q quarantine --json", "-q quarantine list --json")]
    [InlineData("--project-dir quarantine quarantine", "--project-dir quarantine quarantine list")]
    [InlineData("quarantine show orders", "quarantine show orders")]
    [InlineData("quarantine --help", "quarantine --help")]
    [InlineData("show quarantine", "show quarantine")]
    public void WithDefaultVerb_PutsItBehindTheGroup(string typed, string expected) =>
        new CommandTree().WithDefaultVerb(typed.Split(' ')).ShouldBe(expected.Split(' '));

    [Fact]
    public void Examples_OfAllCommands_AreValidCommandLines()
    {
        foreach (
            var example in new CommandTree().Commands.SelectMany(command =>
                command.Verbs.Prepend(command).SelectMany(one => one.Examples)
            )
        )
        {
            var typed = example.CommandLine.Split("strata ", 2)[1].Split(['>', '|'], 2)[0];
            var args = System
                .CommandLine.Parsing.CommandLineParser.SplitCommandLine(typed.Replace('\'', '"'))
                .ToList();
            // the inner quotes of a template would need a shell
            if (typed.Contains("{{", StringComparison.Ordinal))
                continue;
            var tree = new CommandTree();
            UsageErrors
                .Find(tree, tree.Parse(tree.WithDefaultVerb(args)), new EnvironmentFlags())
                .ShouldBeEmpty(example.CommandLine);
        }
    }

    [Theory]
    [InlineData("biuld", "ST8001", "did you mean 'build'?")]
    [InlineData("build --selct x", "ST8002", "did you mean '--select'?")]
    [InlineData("init --slect", "ST8002", null)]
    [InlineData("build orders", "ST8003", "'strata build --select orders'")]
    [InlineData("build --threads many", "ST8004", null)]
    [InlineData("build --threads", "ST8004", null)]
    [InlineData("build --select --threads 2", "ST8004", null)]
    [InlineData("ls --output jsn", "ST8004", "did you mean 'json'?")]
    [InlineData("build --threads 1 --threads 2", "ST8004", null)]
    [InlineData("quarantine shw", "ST8003", "did you mean 'show'?")]
    [InlineData("quarantine list orders", "ST8003", null)]
    [InlineData("quarantine list --unmask", "ST8002", null)]
    [InlineData("quarantine --unmask", "ST8002", null)]
    [InlineData("quarantine show orders --json", "ST8002", null)]
    [InlineData("quarantine drop orders --limit 3", "ST8002", null)]
    [InlineData("quarantine show", "ST8004", "for example: strata quarantine show orders")]
    [InlineData("quarantine --target prod show orders", "ST8004", "'strata quarantine show --target'")]
    [InlineData("source", "ST8004", "for example: strata source freshness")]
    [InlineData("source snapshot", "ST8003", "it takes: freshness")]
    public async Task Usage_Wrong_IsExplainedWithExitCode2(string typed, string code, string? hint)
    {
        var host = new CliTestHost(Path.GetTempPath());

        (await host.RunAsync(typed.Split(' '))).ShouldBe(2);

        host.Out.ShouldBeEmpty();
        host.Error.ShouldStartWith($"error {code}: ");
        if (hint is not null)
            host.Error.ShouldContain(hint);
    }

    [Fact]
    public async Task Environment_InvalidValue_NamesTheVariable()
    {
        var host = new CliTestHost(Path.GetTempPath());
        host.Environment["STRATA_THREADS"] = "many";

        (await host.RunAsync("build")).ShouldBe(2);

        host.Error.ShouldStartWith("error ST8004: STRATA_THREADS: 'many' is not a whole number");
    }

    [Theory]
    [InlineData("1", true)]
    [InlineData("true", true)]
    [InlineData("no", false)]
    public void Environment_Switch_IsReadInEverySpelling(string value, bool expected)
    {
        var tree = new CommandTree();
        var environment = new Dictionary<string, string> { ["STRATA_QUIET"] = value };

        var added = new EnvironmentFlags().ToArguments(tree, tree.Parse(["ls"]), environment);

        tree.Parse(["ls", .. added]).GetValue(tree.Global.Quiet).ShouldBe(expected);
    }

    [Fact]
    public void Environment_OptionThatWasTyped_IsNotTaken()
    {
        var tree = new CommandTree();
        var environment = new Dictionary<string, string>
        {
            ["STRATA_SELECT"] = "a b",
            ["STRATA_EXCLUDE"] = "c d",
        };

        new EnvironmentFlags()
            .ToArguments(tree, tree.Parse(["build", "--select", "x"]), environment)
            .ShouldBe(["--exclude=c", "--exclude=d"]);
    }

    [Fact]
    public async Task Version_IsOneLine()
    {
        var host = new CliTestHost(Path.GetTempPath());

        (await host.RunAsync("--version")).ShouldBe(0);

        host.Out.ShouldBe($"strata {ProductVersion.Text}\n");
    }
}
