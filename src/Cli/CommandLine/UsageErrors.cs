using System.Collections.Immutable;
using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Strata.Compiler.Diagnostics;

namespace Strata.Cli.CommandLine;

/// <summary>What is wrong with a command line, in our own words.</summary>
public static class UsageErrors
{
    public static ImmutableArray<Diagnostic> Find(
        CommandTree tree,
        ParseResult parsed,
        EnvironmentFlags flags
    )
    {
        if (parsed.CommandResult.Command is not StrataCommand command)
        {
            return parsed.UnmatchedTokens is [var first, ..] ? [UnknownRootToken(tree, first)] : [];
        }
        var problems = ImmutableArray.CreateBuilder<Diagnostic>();
        // the parser takes what looks like an option for the command's argument, when there is room for one
        var token =
            Arguments(parsed).FirstOrDefault(LooksLikeOption) ?? parsed.UnmatchedTokens.FirstOrDefault();
        if (token is not null)
            problems.Add(Unmatched(tree, command, token));
        else if (command is CommandGroup)
            problems.Add(
                CommandLineDiagnostics.InvalidValue(
                    command.FullName,
                    "a verb is missing",
                    $"for example: {command.Examples[0].CommandLine}"
                )
            );
        foreach (var error in parsed.Errors)
        {
            if (error.SymbolResult is OptionResult { Option: IFlag flag } option)
                problems.Add(InvalidOption(flag, option, flags));
            else if (error.SymbolResult is ArgumentResult argument)
                problems.Add(
                    CommandLineDiagnostics.InvalidValue(
                        argument.Argument.Name,
                        "a value is missing",
                        command.Examples is [var example, ..] ? $"for example: {example.CommandLine}" : null
                    )
                );
        }
        problems.AddRange(
            parsed
                .CommandResult.Children.OfType<OptionResult>()
                .Where(option => option.Option is Flag<string[]>)
                .SelectMany(option =>
                    option
                        .Tokens.Select((value, index) => (value.Value, IsFirst: index == 0))
                        .Where(value => LooksLikeOption(value.Value))
                        // known ones would have been taken for what they are
                        .Select(value =>
                            value.IsFirst
                                ? CommandLineDiagnostics.InvalidValue(
                                    option.Option.Name,
                                    $"a value is missing before '{value.Value}'"
                                )
                                : UnknownOption(tree, command, value.Value)
                        )
                )
        );
        return problems.ToImmutable();
    }

    private static Diagnostic UnknownRootToken(CommandTree tree, string token) =>
        token.StartsWith('-')
            ? CommandLineDiagnostics.UnknownOption(token, "strata", [.. OptionNames(tree.Root)])
            : CommandLineDiagnostics.UnknownCommand(token, tree.Commands.Select(command => command.Name));

    private static Diagnostic Unmatched(CommandTree tree, StrataCommand command, string token)
    {
        var name = command.FullName;
        if (LooksLikeOption(token))
            return UnknownOption(tree, command, token);
        if (command is CommandGroup)
        {
            var verbs = command.Verbs.Select(verb => verb.Name).ToList();
            return CommandLineDiagnostics.UnexpectedArgument(
                token,
                name,
                Suggestions.DidYouMean(token, verbs) ?? $"it takes: {string.Join(", ", verbs)}"
            );
        }
        var takesSelection = command.Options.Any(option => option.Name == "--select");
        return CommandLineDiagnostics.UnexpectedArgument(
            token,
            name,
            takesSelection ? $"to select nodes: '{name} --select {token}'" : null
        );
    }

    private static Diagnostic UnknownOption(CommandTree tree, StrataCommand command, string token)
    {
        var option = token.Split('=', 2)[0];
        // known ones would have been taken for what they are, had they come later
        return OptionNames(command).Contains(option)
            ? CommandLineDiagnostics.InvalidValue(
                option,
                $"it comes before '{command.Name}'",
                $"put it after the command: '{command.FullName} {option}'"
            )
            : CommandLineDiagnostics.UnknownOption(
                option,
                command.FullName,
                [
                    .. OptionNames(command)
                        .Concat(OptionNames(tree.Root))
                        .Where(known => known.StartsWith("--", StringComparison.Ordinal)),
                ]
            );
    }

    private static Diagnostic InvalidOption(IFlag flag, OptionResult result, EnvironmentFlags flags)
    {
        var origin = flags.IsFromEnvironment(flag)
            ? flag.EnvironmentVariable ?? flag.Option.Name
            : flag.Option.Name;
        if (result.Tokens.Count == 0)
            return CommandLineDiagnostics.InvalidValue(
                origin,
                $"a value is missing: {flag.Option.Name} <{flag.Option.HelpName}>"
            );
        if (result.Tokens.Count > 1 && flag is not Flag<string[]>)
            return CommandLineDiagnostics.InvalidValue(origin, "given more than once");
        var values = result.Tokens.Select(token => token.Value).ToList();
        var value = values.Find(one => !flag.Choices.IsEmpty && !flag.Choices.Contains(one)) ?? values[0];
        if (flag.Least is { } least && int.TryParse(value, out var number) && number < least)
            return CommandLineDiagnostics.InvalidValue(
                origin,
                string.Create(CultureInfo.InvariantCulture, $"must be {least} or more")
            );
        if (flag is Flag<int?>)
            return CommandLineDiagnostics.InvalidValue(origin, $"'{value}' is not a whole number");
        if (flag is Flag<bool>)
            return CommandLineDiagnostics.InvalidValue(origin, $"'{value}' is not true or false");
        return CommandLineDiagnostics.InvalidValue(
            origin,
            $"'{value}' is not one of {string.Join(", ", flag.Choices)}",
            Suggestions.DidYouMean(value, flag.Choices)
        );
    }

    private static IEnumerable<string> Arguments(ParseResult parsed) =>
        parsed
            .CommandResult.Children.OfType<ArgumentResult>()
            .SelectMany(argument => argument.Tokens)
            .Select(token => token.Value);

    private static bool LooksLikeOption(string token) => token.Length > 1 && token[0] == '-';

    private static IEnumerable<string> OptionNames(Command command) =>
        command.Options.SelectMany(option => option.Aliases.Prepend(option.Name));
}
