using System.Collections.Immutable;
using System.Globalization;
using Strata.Compiler.Text;

namespace Strata.Compiler.Diagnostics;

/// <summary>ST8xxx: what was typed, and where it was typed.</summary>
public static class CommandLineDiagnostics
{
    public static Diagnostic UnknownCommand(string name, IEnumerable<string> known) =>
        Error("ST8001", $"unknown command '{name}'") with
        {
            Hint =
                Elsewhere(name)
                ?? Suggestions.DidYouMean(name, known)
                ?? "'strata --help' lists the commands",
        };

    /// <summary>Where what other tools have a command for is done here.</summary>
    private static string? Elsewhere(string command) =>
        command switch
        {
            "history" => "'strata runs' lists past runs, 'strata test --history' past test results",
            "lineage" or "dag" =>
                "'strata docs' draws it; 'strata ls -s +model+' lists everything upstream and downstream of a model",
            "freshness" => "'strata source freshness' checks how old sources are",
            "deps" => "there is nothing to install: macros are files in the project",
            "audit" or "validate" => "'strata test' runs the tests on what is published",
            "retry" => "'strata build' reruns what failed or was skipped, and nothing else",
            "parse" => "'strata compile' reads and checks everything without connecting to a database",
            "clone" => "add a separate target to profiles.yml, and fill it: 'strata build --target dev'",
            "run-operation" =>
                "put the statements into on-run-start or on-run-end of strata.yml, or into pre_hook or post_hook of a model",
            _ => null,
        };

    public static Diagnostic UnknownOption(string name, string command, IReadOnlyCollection<string> known) =>
        Error("ST8002", $"'{command}' has no option '{name}'") with
        {
            Hint =
                ElsewhereOption(name, known)
                ?? Suggestions.DidYouMean(name, known)
                ?? $"'{command} --help' lists the options",
        };

    /// <summary>What other tools have an option for, as far as the command has something for it.</summary>
    private static string? ElsewhereOption(string option, IReadOnlyCollection<string> known) =>
        option switch
        {
            "-v" or "-V" when known.Contains("--version") => "did you mean '--version'?",
            _ => WordsOfDbt.HintForOption(option, known),
        };

    public static Diagnostic UnexpectedArgument(string argument, string command, string? hint) =>
        Error("ST8003", $"'{command}' does not know what to do with '{argument}'") with
        {
            Hint =
                hint
                ?? (
                    (command, argument) is ("strata docs", "generate" or "serve")
                        ? "'strata docs' alone writes the page; a browser opens it without a server"
                        : $"'{command} --help' shows examples"
                ),
        };

    /// <param name="origin">The option as typed, or the environment variable that it came from.</param>
    public static Diagnostic InvalidValue(string origin, string problem, string? hint = null) =>
        Error("ST8004", $"{origin}: {problem}") with
        {
            Hint = hint,
        };

    public static Diagnostic FolderNotEmpty(string folder, string found) =>
        Error("ST8005", $"{folder} is not empty: it holds '{found}'") with
        {
            Hint = "name a new folder: 'strata init shop'; nothing was written",
        };

    /// <param name="place">The line; null where none could be read.</param>
    public static Diagnostic InvalidDotEnv(SourceSpan? place, string problem, string? hint = null) =>
        new("ST8006", Severity.Error, place, problem)
        {
            Hint = hint ?? "each line is NAME=value; a value with spaces or '#' goes between quotes",
        };

    /// <param name="several">Nodes, each with its connection, whose relation has that name.</param>
    public static Diagnostic UnknownModel(
        string name,
        IEnumerable<string> known,
        IReadOnlyCollection<(string Node, string Connection)>? several = null
    )
    {
        var relations = several is { Count: > 1 }
            ? string.Join(" and of ", several.Select(one => $"'{one.Node}' on '{one.Connection}'"))
            : null;
        var names = known.ToList();
        // a selection looks for 'source:shop.orders', a name is without
        var bare = name[(name.IndexOf(':', StringComparison.Ordinal) + 1)..];
        return Error(
            "ST8007",
            relations is null
                ? $"the project has no model, seed or source '{name}'"
                : $"'{name}' is ambiguous: it is the relation of {relations}"
        ) with
        {
            Hint =
                (relations is null ? null : "write the name of the node")
                ?? (names.Contains(bare) ? $"write '{bare}'" : null)
                ?? ReferenceDiagnostics.QuarantineHint(name, names)
                ?? Suggestions.DidYouMean(name, names)
                ?? "'strata ls' lists what there is",
        };
    }

    public static Diagnostic NotBuilt(string name, string relation, string connection) =>
        Error("ST8008", $"'{name}' has not been built: {relation} does not exist on '{connection}'") with
        {
            Hint = $"'strata build --select +{name}' builds it and what it reads",
        };

    public static Diagnostic CannotWrite(string path, string problem) =>
        Error("ST8009", $"cannot write {path}") with
        {
            Details = [problem],
            Hint = "make the folder writable, or name another with '--target-path'",
        };

    public static Diagnostic CannotWriteOutput(string path, string problem) =>
        CannotWrite(path, problem) with
        {
            Hint = "make the folder writable, or name another file with '--output'",
        };

    public static Diagnostic CannotWriteReport(string path, string problem) =>
        CannotWrite(path, problem) with
        {
            Hint = "name another place with '--report'; the run itself is done",
        };

    /// <summary>Nothing has been done yet.</summary>
    public static Diagnostic CannotWriteStatements(string path, string problem) =>
        CannotWrite(path, problem) with
        {
            Hint = "name another file with '--log-statements'",
        };

    /// <summary>What was to be done goes on without it.</summary>
    public static Diagnostic StatementsLost(string path, string problem) =>
        CannotWrite(path, problem) with
        {
            Severity = Severity.Warning,
            Hint = "the log of statements ends there; what was done is not affected",
        };

    public static Diagnostic NothingSelected(IReadOnlyCollection<string> selectors) =>
        Nothing(
            selectors.Count == 0
                ? "the project has no nodes that this command works on"
                : $"nothing matches the selection '{string.Join(' ', selectors)}'"
        );

    /// <summary>As <see cref="NothingSelected"/>, of the command that the hint would name.</summary>
    public static Diagnostic NothingToList(IReadOnlyCollection<string> selectors, string hint) =>
        NothingSelected(selectors) with
        {
            Hint = hint,
        };

    /// <summary>The selection matches, but nothing of what it matches is something that the command works on.</summary>
    /// <param name="what">What the command works on: <c>tests</c>.</param>
    public static Diagnostic NothingOfKind(IReadOnlyCollection<string> selectors, string what) =>
        Nothing($"the selection '{string.Join(' ', selectors)}' has no {what}");

    /// <summary>A listing leaves out what it is not asked for, and the selection matches nothing else.</summary>
    /// <param name="types">Of what it matches: <c>test</c>.</param>
    public static Diagnostic NothingListed(IReadOnlyCollection<string> selectors, IEnumerable<string> types)
    {
        var names = types.Distinct().Order(StringComparer.Ordinal).ToList();
        return Nothing(
            $"the selection '{string.Join(' ', selectors)}' matches nothing but {string.Join(", ", names)}"
        ) with
        {
            Hint =
                $"'--resource-type {string.Join(' ', names)}' lists that, '--resource-type all' everything",
        };
    }

    private static Diagnostic Nothing(string message) =>
        new("ST8010", Severity.Warning, null, message)
        {
            Hint = "'strata ls' with the same selection shows what it matches",
        };

    public static Diagnostic InlineSpansConnections(IReadOnlyCollection<string> connections) =>
        Error(
            "ST8011",
            string.Create(
                CultureInfo.InvariantCulture,
                $"the query reads from {connections.Count} connections at once: {string.Join(", ", connections)}"
            )
        ) with
        {
            Hint = "a query runs on one connection: read models from only one, or make the query a model",
        };

    public static Diagnostic NoAdapter(SourceSpan connection, string name, string engine) =>
        new(
            "ST8012",
            Severity.Error,
            connection,
            $"connection '{name}' is of type '{engine}', which this version of strata cannot use"
        )
        {
            Hint = "use a target whose connections are duckdb or postgres",
        };

    public static Diagnostic NotAnInstant(string origin, string value) =>
        new("ST8015", Severity.Error, null, $"{origin}: '{value}' is not {UtcInstant.Shape}");

    public static Diagnostic OneBound(string given, string missing) =>
        new("ST8016", Severity.Error, null, $"{given} is given without {missing}")
        {
            Hint = $"give {missing}, too; the start is part of the range, the end is not",
        };

    /// <param name="end">Null where it is now.</param>
    public static Diagnostic EmptyRange(string start, string? end) =>
        new(
            "ST8017",
            Severity.Error,
            null,
            $"--event-time-start {start} is not before {(end is null ? "now" : $"--event-time-end {end}")}"
        )
        {
            Hint = "the start is part of the range, the end is not; the end defaults to now",
        };

    public static Diagnostic UnknownCode(string code, IEnumerable<string> known) =>
        Error("ST8018", $"there is no diagnostic '{code}'") with
        {
            Hint =
                Suggestions.DidYouMean(code, known)
                ?? "a code is ST and four digits, as in the first line of a message: ST3001",
        };

    public static Diagnostic WouldOverwrite(string path) =>
        Error("ST8040", $"{path} already exists") with
        {
            Hint = "choose another name with '--name', or overwrite it with '--force'; nothing was written",
        };

    public static Diagnostic OnlyWithOrphans(string flag) =>
        Error("ST8020", $"'{flag}' works only with '--orphans'") with
        {
            Hint = "'strata clean' alone only removes files in the artifact folder",
        };

    private static Diagnostic Error(string code, string message) => new(code, Severity.Error, null, message);
}
