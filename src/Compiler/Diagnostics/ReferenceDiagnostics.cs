using System.Collections.Immutable;
using Strata.Compiler.Manifest.Tests;
using Strata.Compiler.Text;

namespace Strata.Compiler.Diagnostics;

/// <summary>ST30xx: references and the graph.</summary>
public static class ReferenceDiagnostics
{
    public static Diagnostic UnknownRef(
        SourceSpan span,
        string name,
        IEnumerable<string> known,
        (string Source, string Table)? source
    ) =>
        new("ST3001", Severity.Error, span, $"model '{name}' does not exist")
        {
            Hint = source is { } table
                ? $"it is a source: write source \"{table.Source}\" \"{table.Table}\""
                    // a model that was renamed may have been meant all the same
                    + (RelatedName(name, known) is { } model ? $"; or did you mean the model '{model}'?" : "")
                : QuarantineHint(name, known) ?? Suggestions.DidYouMean(name, known),
        };

    /// <summary>A name that is nearly the same, or that has words in front of it or behind it: <c>order_lines</c> for <c>lines</c>.</summary>
    private static string? RelatedName(string name, IEnumerable<string> known)
    {
        var names = known.ToList();
        return Suggestions.Nearest(name, names)
            ?? names.Find(other =>
                other.StartsWith(name + "_", StringComparison.Ordinal)
                || other.EndsWith("_" + name, StringComparison.Ordinal)
            );
    }

    /// <summary>What to do about the name of a quarantine, which is no node; null for any other name.</summary>
    internal static string? QuarantineHint(string name, IEnumerable<string> known) =>
        name.EndsWith(QuarantineName.Suffix, StringComparison.Ordinal)
        && known.Contains(name[..^QuarantineName.Suffix.Length])
            ? $"it has the rows that tests of '{name[..^QuarantineName.Suffix.Length]}' diverted: 'strata quarantine show "
                + $"{name[..^QuarantineName.Suffix.Length]}' prints them; to read them in a model, declare it as a table of a source"
            : null;

    public static Diagnostic UnknownSource(
        SourceSpan span,
        string source,
        IReadOnlyCollection<string> known
    ) =>
        new("ST3002", Severity.Error, span, $"source '{source}' does not exist")
        {
            Hint =
                Suggestions.DidYouMean(source, known)
                ?? (known.Count == 0 ? "declare it under 'sources:' in a YAML file beside the models" : null),
        };

    public static Diagnostic UnknownSourceTable(
        SourceSpan span,
        string source,
        string table,
        IReadOnlyCollection<string> known
    ) =>
        new("ST3003", Severity.Error, span, $"source '{source}' has no table '{table}'")
        {
            Hint = Suggestions.DidYouMean(table, known) ?? $"tables: {string.Join(", ", known)}",
        };

    /// <param name="names">The models, each reading the next one and the last reading the first.</param>
    /// <param name="steps">Where each of them does so.</param>
    public static Diagnostic Cycle(IReadOnlyList<string> names, ImmutableArray<DiagnosticNote> steps) =>
        new(
            "ST3004",
            Severity.Error,
            steps[0].Span,
            $"models form a cycle: {string.Join(" -> ", names)} -> {names[0]}"
        )
        {
            Notes = steps,
            Hint =
                names.Count == 1
                    ? "to read its own relation, a model uses 'this'"
                    : "move the shared columns into a third model",
        };

    public static Diagnostic Disabled(SourceSpan span, string what) =>
        new("ST3005", Severity.Error, span, $"{what} is disabled")
        {
            Hint = "enable it, or disable what reads it too",
        };

    public static Diagnostic UnknownProject(SourceSpan span, string package, string project) =>
        new("ST3006", Severity.Error, span, $"there is no project '{package}' here")
        {
            Hint = $"this project is '{project}'",
        };

    public static Diagnostic VersionNotYet(SourceSpan span) =>
        new("ST3007", Severity.Error, span, "references to a version of a model are not supported yet")
        {
            Hint = "name the version's own file instead",
        };

    public static Diagnostic NotAText(SourceSpan span, string function, string what) =>
        new("ST3008", Severity.Error, span, $"'{function}' takes {what} as text")
        {
            Hint = $"put it in quotes: {{{{ {function} \"name\" }}}}",
        };

    public static Diagnostic NoRelation(SourceSpan span, string what, string model) =>
        new("ST3009", Severity.Error, span, $"{what} needs a relation, but '{model}' is ephemeral")
        {
            Hint = "materialize it as a view or a table",
        };

    public static Diagnostic UnknownArgument(SourceSpan span, string function, string name) =>
        new("ST3010", Severity.Error, span, $"'{function}' takes no argument '{name}'");

    public static Diagnostic NothingToDispatch(SourceSpan span, string name, string dialect) =>
        new("ST3011", Severity.Error, span, $"no macro '{dialect}__{name}' or 'default__{name}'")
        {
            Hint = "write one of them in a file under macros/",
        };

    public static Diagnostic UnknownTest(SourceSpan span, string test, IEnumerable<string> known)
    {
        ImmutableArray<string> names = [.. known];
        var alike = Suggestions.SharingWords(test, names, most: 4).ToList();
        return new("ST3012", Severity.Error, span, $"there is no test '{test}'")
        {
            Hint =
                Suggestions.DidYouMean(test, names)
                ?? "write it as a function in a file under tests/generic, or use a built-in one"
                    + (alike.Count == 0 ? "" : $": {string.Join(", ", alike)}"),
        };
    }

    public static Diagnostic UnknownTestArgument(
        SourceSpan span,
        string test,
        string argument,
        IEnumerable<string> known
    ) =>
        new("ST3013", Severity.Error, span, $"test '{test}' takes no argument '{argument}'")
        {
            Hint = Suggestions.DidYouMean(argument, known),
        };

    /// <param name="isConfig">It is written beside the test's name, where it is a configuration of every test.</param>
    public static Diagnostic MissingTestArgument(
        SourceSpan span,
        string test,
        string argument,
        bool isConfig = false
    ) =>
        new(
            "ST3014",
            Severity.Error,
            span,
            argument == "column_name" ? $"test '{test}' needs a column"
                : isConfig
                    ? $"test '{test}' needs '{argument}' as an argument, but here it sets the configuration '{argument}', which every test has"
                : $"test '{test}' needs '{argument}'"
        )
        {
            Hint =
                argument == "column_name" ? "write it under a column, or give column_name"
                : isConfig ? $"write it under 'arguments:': '{test}: {{ arguments: {{ {argument}: ... }} }}'"
                : $"write '{argument}:' below the test's name",
        };

    public static Diagnostic SameTest(SourceSpan first, SourceSpan second, string test) =>
        new("ST3015", Severity.Error, second, $"test '{test}' is written twice")
        {
            Notes = [new DiagnosticNote(first, "first"), new DiagnosticNote(second, "again")],
            Hint = "take one of them out",
        };

    public static Diagnostic NoConnection(SourceSpan span, string test) =>
        new(
            "ST3016",
            Severity.Warning,
            span,
            $"test '{test}' reads no model, so strata cannot tell where to run it"
        )
        {
            Hint = "it runs on the first layer's connection; name another with {{ config engine: \"name\" }}",
        };

    public static Diagnostic BadReference(SourceSpan span, string text) =>
        new("ST3017", Severity.Error, span, $"'{text}' is not a reference")
        {
            Hint = "write ref('model') or source('source', 'table')",
        };

    public static Diagnostic HiddenReference(SourceSpan span, string model, string read) =>
        new("ST3018", Severity.Error, span, $"'{model}' reads '{read}', but its text does not show that")
        {
            Hint =
                "call ref and source by their own names, not through an alias or evaluated text, "
                + "so that dependencies are known before anything runs",
        };
}
