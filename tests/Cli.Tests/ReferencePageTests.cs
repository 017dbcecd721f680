using System.Text;
using Strata.Cli.CommandLine;

namespace Strata.Cli.Tests;

/// <summary>docs/reference/cli.md holds what the commands say of themselves.</summary>
public sealed class ReferencePageTests
{
    private const string Begin =
        "<!-- commands: written by UPDATE_GOLDEN=1 dotnet test tests/Cli.Tests -->\n";
    private const string End = "<!-- end of commands -->\n";

    [Fact]
    public void ReferencePage_DescribesTheCommandsAsTheyAre()
    {
        var file = RepositoryRoot.Combine("docs", "reference", "cli.md");
        var page = File.ReadAllText(file);
        var begin = page.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        var end = page.IndexOf(End, StringComparison.Ordinal);

        var expected = Describe(new CommandTree());

        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") is { Length: > 0 } and not "0")
            File.WriteAllText(file, page[..begin] + expected + page[end..]);
        else
            page[begin..end].ShouldBe(expected, "UPDATE_GOLDEN=1 dotnet test tests/Cli.Tests rewrites it");
    }

    private static string Describe(CommandTree tree)
    {
        var text = new StringBuilder();
        foreach (var command in tree.Commands.SelectMany(command => command.Verbs.Prepend(command)))
        {
            var level = tree.Commands.Contains(command) ? "###" : "####";
            text.Append($"\n{level} {command.FullName}\n\n");
            text.Append($"`{HelpWriter.Usage(command)}`");
            if (command.Aliases.Count > 0)
                text.Append($", also `strata {string.Join("`, `strata ", command.Aliases)}`");
            text.Append($"\n\n{command.Details}\n\n");
            if (command.Verbs.Any())
                text.Append("| verb | |\n|---|---|\n");
            if (command.Arguments.Count + command.Options.Count > 0)
                text.Append("| option | |\n|---|---|\n");
            foreach (var verb in command.Verbs)
                text.Append($"| `{verb.Name}` | {Cell(verb.Summary)} |\n");
            foreach (var argument in command.Arguments)
                text.Append($"| `{argument.Name}` | {Cell(argument.Description)} |\n");
            foreach (var flag in command.Options.OfType<IFlag>().OrderBy(flag => flag.Group))
                text.Append(Row(flag));
            text.Append("\n```\n");
            foreach (var example in command.Examples)
                text.Append($"{example.CommandLine}    # {example.Purpose}\n");
            text.Append("```\n");
        }
        text.Append("\n### Options of every command\n\n| option | |\n|---|---|\n");
        foreach (var flag in tree.Global.All)
            text.Append(Row(flag));
        text.Append("| `--version` | the version; without a command |\n\n");
        return text.ToString();
    }

    private static string Row(IFlag flag) =>
        $"| `{HelpWriter.Spelling(flag).Trim().Replace("|", "\\|")}` | {Cell(flag.Option.Description)} |\n";

    private static string Cell(string? text) => (text ?? "").Replace("|", "\\|");
}
