using System.CommandLine;
using Strata.Cli.Output;

namespace Strata.Cli.CommandLine;

/// <summary>Writes the help of <c>strata</c> and of each command, within 80 columns.</summary>
public sealed class HelpWriter(TextWriter writer, Palette palette)
{
    private const int Width = 80;

    public void Write(CommandTree tree)
    {
        Line(
            $"{palette.Paint("strata", Tone.Strong)}: SQL models, tested and published, from landing zone to gold"
        );
        Line();
        Line($"{Heading("usage:")} strata <command> [options]");
        Line();
        Line(Heading("commands"));
        foreach (var command in tree.Commands)
            Line($"  {palette.Paint(command.Name.PadRight(12), Tone.Accent)}{command.Summary}");
        Line();
        Line(Heading("start here"));
        WriteExamples([
            new CommandExample("strata init shop", "a small project that runs at once"),
            new CommandExample("cd shop && strata build", "build and test everything in it"),
            new CommandExample("strata show daily_sales", "look at the rows"),
        ]);
        Line();
        Line("'strata <command> --help' explains each command and shows examples.");
        Line("Exit codes: 0 all good, 1 models or tests failed, 2 strata could not run.");
    }

    public void Write(CommandTree tree, StrataCommand command)
    {
        Line($"{palette.Paint(command.FullName, Tone.Strong)}: {command.Summary}");
        Line();
        Line($"{Heading("usage:")} {Usage(command)}");
        Line();
        foreach (var paragraph in command.Details.Split("\n\n"))
        {
            foreach (var line in TextWrap.Wrap(paragraph, Width))
                Line(line);
            Line();
        }
        if (command is CommandGroup)
        {
            Line(Heading("verbs"));
            WriteRows([.. command.Verbs.Select(verb => ($"  {verb.Name}", verb.Summary))]);
            Line();
        }
        if (command.Arguments.Count > 0)
        {
            Line(Heading("arguments"));
            WriteRows([
                .. command.Arguments.Select(argument => ($"  <{argument.Name}>", argument.Description ?? "")),
            ]);
            Line();
        }
        foreach (var group in FlagsOf(tree, command).GroupBy(flag => flag.Group).OrderBy(group => group.Key))
        {
            Line(Heading(Title(group.Key)));
            WriteRows([.. group.Select(flag => (Spelling(flag), flag.Option.Description ?? ""))]);
            Line();
        }
        Line(Heading("examples"));
        WriteExamples(command.Examples);
        Line();
        if (command is CommandGroup)
            Line($"'{command.FullName} <verb> --help' explains each of them.");
        Line("Every option can also be set by a variable: --fail-fast is STRATA_FAIL_FAST=1.");
    }

    public static string Usage(StrataCommand command)
    {
        if (command is CommandGroup group)
            return $"{group.FullName} {(group.DefaultVerb is null ? "<verb>" : "[verb]")} [options]";
        var arguments = command.Arguments.Select(argument =>
            argument.Arity.MinimumNumberOfValues == 0 ? $" [{argument.Name}]" : $" <{argument.Name}>"
        );
        return $"{command.FullName}{string.Concat(arguments)} [options]";
    }

    /// <summary>The command's own options, then those of every command.</summary>
    public static IEnumerable<IFlag> FlagsOf(CommandTree tree, Command command) =>
        command.Options.OfType<IFlag>().Concat(tree.Global.All);

    /// <summary><c>  -s, --select &lt;selector ...&gt;</c></summary>
    public static string Spelling(IFlag flag)
    {
        var alias = flag.Option.Aliases.FirstOrDefault();
        var value = flag.Option.HelpName is { } name ? $" <{name}>" : "";
        return $"  {(alias is null ? "    " : alias + ", ")}{flag.Option.Name}{value}";
    }

    public static string Title(FlagGroup group) =>
        group switch
        {
            FlagGroup.Selection => "which nodes",
            FlagGroup.Running => "how it runs",
            FlagGroup.Output => "what it prints",
            FlagGroup.Project => "which project",
            _ => "help",
        };

    private void WriteRows(IReadOnlyList<(string Left, string Right)> rows)
    {
        const int Indent = 30;
        foreach (var (left, right) in rows)
        {
            var lines = TextWrap.Wrap(right, Width - Indent).ToList();
            if (left.Length > Indent - 2)
            {
                Line(palette.Paint(left, Tone.Accent));
                lines.Insert(0, "");
            }
            else
            {
                Line(palette.Paint(left.PadRight(Indent), Tone.Accent) + lines[0]);
            }
            foreach (var line in lines.Skip(1))
                Line(new string(' ', Indent) + line);
        }
    }

    private void WriteExamples(IReadOnlyList<CommandExample> examples)
    {
        var indent = Math.Min(44, examples.Max(example => example.CommandLine.Length) + 5);
        foreach (var example in examples)
        {
            var left = "  " + example.CommandLine;
            var isShort = left.Length <= indent - 2 && indent + example.Purpose.Length <= Width;
            Line(
                isShort
                    ? palette.Paint(left.PadRight(indent), Tone.Accent) + example.Purpose
                    : palette.Paint(left, Tone.Accent)
            );
            if (!isShort)
                Line($"      {example.Purpose}");
        }
    }

    private string Heading(string text) => palette.Paint(text, Tone.Strong);

    private void Line(string text = "") => writer.Write(text.TrimEnd() + "\n");
}
