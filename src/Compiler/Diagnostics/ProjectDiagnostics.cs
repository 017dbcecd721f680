using System.Collections.Immutable;
using Strata.Compiler.Text;

namespace Strata.Compiler.Diagnostics;

/// <summary>ST1xxx: the project's files, YAML and configuration.</summary>
public static class ProjectDiagnostics
{
    public static Diagnostic ProjectFileNotFound(string folder) =>
        new("ST1001", Severity.Error, null, $"no strata.yml in '{folder}'")
        {
            Hint = "go to the project's folder, name it with --project-dir, or make one with 'strata init'",
        };

    public static Diagnostic YamlSyntax(SourceSpan span, string message) =>
        new("ST1002", Severity.Error, span, $"not valid YAML: {message}") { Hint = HintForSyntax(span) };

    public static Diagnostic UnknownKey(
        SourceSpan span,
        string key,
        string where,
        IReadOnlyCollection<string> allowed
    ) =>
        new("ST1003", Severity.Error, span, $"unknown key '{key}' in {where}")
        {
            Hint = Suggestions.DidYouMean(key, allowed) ?? OneOf("allowed", allowed),
        };

    public static Diagnostic WrongType(SourceSpan span, string name, string expected, string actual) =>
        new("ST1004", Severity.Error, span, $"'{name}' must be {expected}, not {actual}")
        {
            Hint =
                expected == "true or false" && span.Text is "yes" or "no" or "on" or "off"
                    ? $"write {(span.Text is "yes" or "on" ? "true" : "false")}"
                    : null,
        };

    public static Diagnostic DuplicateKey(SourceSpan span, string key, SourceSpan first) =>
        new("ST1005", Severity.Error, span, $"key '{key}' is written twice")
        {
            Notes = [new DiagnosticNote(first, "first"), new DiagnosticNote(span, "again")],
            Hint = "keep one of them",
        };

    public static Diagnostic SameKey(SourceSpan span, string key, string name) =>
        new("ST1005", Severity.Error, span, $"key '{key}' repeats '{name}'") { Hint = "keep one of them" };

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
            Hint = "a value that begins with {{ must stand in quotes: \"{{ ... }}\"",
        };

    public static Diagnostic NotATest(SourceSpan span) =>
        new("ST1009", Severity.Error, span, "this entry of 'tests' is not a test")
        {
            Hint = "write '- name', or '- name:' with its arguments indented below it",
        };

    public static Diagnostic NotInEffect(SourceSpan span, string what) =>
        new("ST1010", Severity.Warning, span, $"{what} checked but not used by this version");

    private static string? HintForSyntax(SourceSpan span)
    {
        var line = span.File.GetLine(span.Start.Line);
        if (line.AsSpan().TrimStart(' ').StartsWith("\t", StringComparison.Ordinal))
            return "indent with spaces; YAML does not allow tabs";
        return line.Contains("{{", StringComparison.Ordinal)
            ? "a value that begins with {{ must stand in quotes: \"{{ ... }}\""
            : null;
    }

    private static string OneOf(string lead, IReadOnlyCollection<string> values) =>
        $"{lead}: {string.Join(", ", values)}";

    private static string? Join(string? first, string second) =>
        first is null ? second : $"{first} ({second})";
}
