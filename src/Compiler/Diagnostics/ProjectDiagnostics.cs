using System.Collections.Immutable;
using Strata.Compiler.Sql;
using Strata.Compiler.Text;

namespace Strata.Compiler.Diagnostics;

/// <summary>ST1xxx: the project's files, YAML and configuration.</summary>
public static class ProjectDiagnostics
{
    /// <summary>The code of <see cref="UnknownKey"/>.</summary>
    public const string Misspelt = "ST1003";

    public static Diagnostic ProjectFileNotFound(string folder) =>
        new("ST1001", Severity.Error, null, $"no strata.yml in '{folder}'")
        {
            Hint =
                "change to the project's folder, name it with --project-dir, or make a project with 'strata init'",
        };

    public static Diagnostic YamlSyntax(SourceSpan span, string message) =>
        new("ST1002", Severity.Error, span, $"not valid YAML: {message}") { Hint = HintForSyntax(span) };

    public static Diagnostic UnknownKey(
        SourceSpan span,
        string key,
        string where,
        IReadOnlyCollection<string> allowed
    ) =>
        new(Misspelt, Severity.Error, span, $"unknown key '{key}' in {where}")
        {
            Hint =
                WordsOfDbt.HintForKey(key, where)
                ?? Suggestions.DidYouMean(key, allowed)
                ?? KnownKeys(key, where, allowed),
        };

    // more of them than one looks through are listed in the reference
    private const int MostListed = 12;

    private static string KnownKeys(string key, string where, IReadOnlyCollection<string> allowed)
    {
        if (allowed.Count <= MostListed)
            return OneOf("allowed", allowed);
        var page = where switch
        {
            "a connection" => "adapters.md",
            "files" or "a source" or "a source table" => "sources.md",
            "a unit test" => "unit-tests.md",
            "strata.yml" or "a properties file" => "project-yaml.md",
            _ => "configuration.md",
        };
        var alike = Suggestions.SharingWords(key, allowed, 5).ToList();
        return (alike.Count > 0 ? $"there is {string.Join(", ", alike)}; " : "")
            + $"docs/reference/{page} lists all keys";
    }

    public static Diagnostic WrongType(SourceSpan span, string name, string expected, string actual) =>
        new("ST1004", Severity.Error, span, $"'{name}' must be {expected}, not {actual}")
        {
            Hint =
                expected == "true or false" && span.Text is "yes" or "no" or "on" or "off"
                    ? $"write {(span.Text is "yes" or "on" ? "true" : "false")}"
                : name == "contract" && actual == "a boolean"
                    ? $"write contract: {{ enforced: {span.Text.ToLowerInvariant()} }}"
                : null,
        };

    public static Diagnostic DuplicateKey(SourceSpan span, string key, SourceSpan first) =>
        new("ST1005", Severity.Error, span, $"key '{key}' is written twice")
        {
            Notes = [new DiagnosticNote(first, "first"), new DiagnosticNote(span, "again")],
            Hint = "keep one of them",
        };

    /// <param name="kind">The key of strata.yml: <c>models</c>.</param>
    /// <param name="known">The folders and nodes that stand there.</param>
    public static Diagnostic ConfiguresNothing(
        SourceSpan span,
        string kind,
        string name,
        IReadOnlyCollection<string> known
    ) =>
        new("ST1029", Severity.Warning, span, $"'{name}' under '{kind}:' configures nothing")
        {
            Hint =
                WordsOfDbt.HintForKey(name, kind)
                ?? Suggestions.DidYouMean(name, known)
                ?? $"no folder and no node of {kind} has that name",
        };

    public static Diagnostic UnreadVariable(string name, IEnumerable<string> known) =>
        new("ST1050", Severity.Warning, null, $"--vars: nothing reads the variable '{name}'")
        {
            Hint = Suggestions.DidYouMean(name, known),
        };

    public static Diagnostic SameKey(SourceSpan span, string key, string name) =>
        new("ST1028", Severity.Error, span, $"key '{key}' repeats '{name}'") { Hint = "keep one of them" };

    public static Diagnostic NotOneOf(
        SourceSpan span,
        string name,
        string value,
        IReadOnlyCollection<string> allowed
    ) =>
        new("ST1006", Severity.Error, span, $"'{value}' is not a value of '{name}'")
        {
            Hint = Join(Suggestions.DidYouMean(value, allowed), OneOf("allowed", allowed)),
        };

    public static Diagnostic MissingKey(SourceSpan span, string key, string where) =>
        new("ST1007", Severity.Error, span, $"{where} lacks the key '{key}'");

    public static Diagnostic UnquotedTemplate(SourceSpan span) =>
        new("ST1008", Severity.Error, span, "a key must be text, not a list or a mapping")
        {
            Hint = "put a value that begins with {{ in quotes: \"{{ ... }}\"",
        };

    public static Diagnostic NotATest(SourceSpan span) =>
        new("ST1009", Severity.Error, span, "this entry of 'tests' is not a test")
        {
            Hint = "write '- name', or '- name:' with its arguments indented below it",
        };

    public static Diagnostic NotInEffect(SourceSpan span, string what) =>
        new("ST1010", Severity.Warning, span, $"{what} checked but not used by this version");

    public static Diagnostic Unreadable(SourceText file, string reason) =>
        new("ST1011", Severity.Error, file.Span(0, 0), $"cannot read '{file.Path}': {reason}");

    public static Diagnostic NotUtf8(SourceText file, int offset) =>
        new("ST1012", Severity.Error, file.Span(0, 0), $"'{file.Path}' is not UTF-8 at byte {offset}")
        {
            Hint = "save the file as UTF-8",
        };

    public static Diagnostic ProfilesNotFound(string folder) =>
        new("ST1013", Severity.Error, null, $"no profiles.yml in '{folder}'")
        {
            Hint = "it names the targets and their connections; 'strata init' writes one to start from",
        };

    public static Diagnostic UnknownTarget(
        SourceSpan? span,
        string target,
        IReadOnlyCollection<string> targets
    ) =>
        new("ST1014", Severity.Error, span, $"profiles.yml has no target '{target}'")
        {
            Hint = Join(Suggestions.DidYouMean(target, targets), OneOf("targets", targets)),
        };

    public static Diagnostic UnknownConnection(
        SourceSpan? span,
        string connection,
        IReadOnlyCollection<string> connections
    ) =>
        new("ST1015", Severity.Error, span, $"the target has no connection '{connection}'")
        {
            Hint = Join(Suggestions.DidYouMean(connection, connections), OneOf("connections", connections)),
        };

    public static Diagnostic AliasLoop(SourceSpan span, string connection) =>
        new("ST1016", Severity.Error, span, $"connection '{connection}' is an alias of itself")
        {
            Hint = "make one of the names a mapping with a type",
        };

    // a note instead of the usual snippet, which would show the secret
    public static Diagnostic LiteralSecret(SourceSpan span, string option) =>
        new("ST1017", Severity.Warning, span, $"'{option}' is written into the file in plain text")
        {
            Notes = [new DiagnosticNote(span, "here")],
            Hint = "take it from the environment: \"{{ env_var \\\"NAME\\\" }}\"",
        };

    public static Diagnostic UndefinedVar(SourceSpan span, string name, IEnumerable<string> known) =>
        new("ST1018", Severity.Error, span, $"variable '{name}' is not defined")
        {
            Hint =
                Suggestions.DidYouMean(name, known)
                ?? "define it under 'vars:' in strata.yml, give it with --vars, or give var a default",
        };

    public static Diagnostic UnsetEnvVar(SourceSpan span, string name) =>
        new("ST1019", Severity.Error, span, $"environment variable '{name}' is not set")
        {
            Hint = "set it, or give env_var a default",
        };

    public static Diagnostic EngineNotYet(SourceSpan span, string connection, EngineType engine) =>
        new(
            "ST1020",
            Severity.Error,
            span,
            $"connection '{connection}' is of type {engine.ToString().ToLowerInvariant()}, which is not supported yet"
        )
        {
            Hint = "use duckdb or postgres",
        };

    public static Diagnostic SameName(string kind, string name, SourceSpan first, SourceSpan second) =>
        new("ST1021", Severity.Error, second, $"two {kind}s are named '{name}'")
        {
            Notes = [new DiagnosticNote(first, "first"), new DiagnosticNote(second, "second")],
            Hint = "rename one of the files",
        };

    public static Diagnostic SameRelation(
        string connection,
        RelationName relation,
        string first,
        SourceSpan firstSpan,
        string second,
        SourceSpan secondSpan
    ) =>
        new("ST1022", Severity.Error, secondSpan, $"{first} and {second} are both {relation} on {connection}")
        {
            Notes = [new DiagnosticNote(firstSpan, first), new DiagnosticNote(secondSpan, second)],
            Hint = "give one of them another alias or schema",
        };

    public static Diagnostic SameReplica(
        string connection,
        RelationName replica,
        string first,
        SourceSpan firstSpan,
        string second,
        SourceSpan secondSpan
    ) =>
        new(
            "ST1051",
            Severity.Error,
            secondSpan,
            $"the copies of {first} and {second} would both be {replica} on {connection}"
        )
        {
            Notes = [new DiagnosticNote(firstSpan, first), new DiagnosticNote(secondSpan, second)],
            Hint =
                "give one of them another alias or schema; a table that you cannot rename can be read through a view of another name on its connection",
        };

    public static Diagnostic PlaceDependsOnItself(SourceSpan span, string model) =>
        new("ST1052", Severity.Error, span, $"the schema or alias of '{model}' depends on itself")
        {
            Hint =
                "use 'model.name', 'target.name' or a variable, not the '.schema' or '.name' of this relation or of one whose name follows from it",
        };

    public static Diagnostic TemplateInText(SourceSpan span, string key, string text) =>
        new(
            "ST1053",
            Severity.Error,
            span,
            $"'{{{{' inside the string for '{key}' is not rendered: this is code already"
        )
        {
            Hint = InCode(text) is { } code
                ? $"instead of this string, write {code}"
                : "join strings and values with '+'",
        };

    /// <summary><c>a_{{ b }}</c> as an expression: <c>("a_" + b)</c>.</summary>
    private static string? InCode(string text)
    {
        var parts = new List<string>();
        var at = 0;
        while (text.IndexOf("{{", at, StringComparison.Ordinal) is var start and >= 0)
        {
            var end = text.IndexOf("}}", start, StringComparison.Ordinal);
            var code = end < 0 ? "" : text[(start + 2)..end].Trim(' ', '-', '~');
            if (code.Length == 0)
                return null;
            if (start > at)
                parts.Add(Quoted(text[at..start]));
            parts.Add(code.Contains(' ', StringComparison.Ordinal) ? $"({code})" : code);
            at = end + 2;
        }
        if (at < text.Length)
            parts.Add(Quoted(text[at..]));
        return parts is [var single] ? single : $"({string.Join(" + ", parts)})";

        static string Quoted(string part) =>
            $"\"{part.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
    }

    public static Diagnostic NameTooLong(SourceSpan span, string name, SqlDialect dialect) =>
        new(
            "ST1023",
            Severity.Error,
            span,
            $"name '{name}' is longer than the {dialect.MaxIdentifierBytes} bytes that {dialect.Name} keeps"
        )
        {
            Hint = "give the model a shorter alias",
        };

    public static Diagnostic DescribesNothing(
        SourceSpan span,
        string kind,
        string name,
        IEnumerable<string> known
    ) =>
        new("ST1024", Severity.Error, span, $"there is no {kind} '{name}' to describe")
        {
            Hint = Suggestions.DidYouMean(name, known),
        };

    public static Diagnostic DescribedTwice(string kind, string name, SourceSpan first, SourceSpan second) =>
        new("ST1025", Severity.Error, second, $"{kind} '{name}' is described twice")
        {
            Notes = [new DiagnosticNote(first, "first"), new DiagnosticNote(second, "again")],
            Hint = "put everything about it in one place",
        };

    public static Diagnostic Conflict(SourceSpan span, string message, string hint) =>
        new("ST1026", Severity.Error, span, message) { Hint = hint };

    public static Diagnostic BadName(SourceSpan span, string what, string name) =>
        new("ST1027", Severity.Error, span, $"'{name}' cannot be the name of {what}")
        {
            Hint = "use letters, digits and underscores",
        };

    private static string? HintForSyntax(SourceSpan span)
    {
        var line = span.File.GetLine(span.Start.Line);
        if (line.AsSpan().TrimStart(' ').StartsWith("\t", StringComparison.Ordinal))
            return "indent with spaces; YAML does not allow tabs";
        if (line.Contains("{{", StringComparison.Ordinal))
            return "put a value that begins with {{ in quotes: \"{{ ... }}\"";
        if (IsDeeperThanValueAbove(span) is { } above)
            return $"it is indented deeper than line {above}, which already has a value: start both in the same column";
        return line.AsSpan().Count(": ") > 1 && line.AsSpan().IndexOfAny('{', '[') < 0
            ? "put a value that contains ': ' in quotes"
            : null;
    }

    /// <summary>The line above, if the key on it has a value and the one of this line stands to the right of it.</summary>
    private static int? IsDeeperThanValueAbove(SourceSpan span)
    {
        for (var above = span.Start.Line - 1; above > 0; above--)
        {
            var line = span.File.GetLine(above);
            if (line.AsSpan().TrimStart() is [] or ['#', ..])
                continue;
            var hasValue = line.Contains(": ", StringComparison.Ordinal) && !line.TrimEnd().EndsWith(':');
            return hasValue && Indentation(span.File.GetLine(span.Start.Line)) > Indentation(line)
                ? above
                : null;
        }
        return null;
    }

    /// <summary>How many characters stand before the first one of a line that is neither a space nor the dash of a list.</summary>
    private static int Indentation(string line) => line.Length - line.TrimStart(' ', '-').Length;

    private static string OneOf(string lead, IReadOnlyCollection<string> values) =>
        $"{lead}: {string.Join(", ", values)}";

    private static string? Join(string? first, string second) =>
        first is null ? second : $"{first} ({second})";
}
