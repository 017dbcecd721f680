using System.Collections.Immutable;
using Strata.Compiler.Text;

namespace Strata.Compiler.Diagnostics;

/// <summary>ST31xx: selections, on the command line and in <c>selectors.yml</c>.</summary>
public static class SelectionDiagnostics
{
    public static Diagnostic UnknownMethod(
        SourceSpan span,
        string method,
        IReadOnlyCollection<string> known
    ) =>
        new("ST3101", Severity.Error, span, $"there is no selection method '{method}'")
        {
            Hint = Suggestions.DidYouMean(method, known) ?? $"methods: {string.Join(", ", known)}",
        };

    public static Diagnostic AtWithPlus(SourceSpan span, string word) =>
        new("ST3102", Severity.Error, span, $"'{word}' has both '@' and a '+' at its end")
        {
            Hint = "'@' takes all descendants already; leave the '+' out",
        };

    public static Diagnostic NothingBetweenCommas(SourceSpan span) =>
        new("ST3105", Severity.Error, span, $"a part of '{span.Text}' is empty")
        {
            Hint = "remove the comma that has nothing beside it; a comma means that all its parts must match",
        };

    /// <param name="method">The method with which the value would match something; null where there is none.</param>
    public static Diagnostic SelectsNothing(
        SourceSpan span,
        string word,
        IEnumerable<string> known,
        string value,
        string? method
    ) =>
        new("ST3104", Severity.Warning, span, $"'{word}' selects nothing")
        {
            Hint = method is null ? Suggestions.DidYouMean(value, known) : $"write '{method}:{value}'",
        };

    public static Diagnostic UnknownSelector(SourceSpan span, string name, IEnumerable<string> known)
    {
        ImmutableArray<string> names = [.. known];
        return new("ST3106", Severity.Error, span, $"there is no selector '{name}'")
        {
            Hint = names.IsEmpty
                ? "selectors are written in selectors.yml, beside strata.yml; the project has none"
                : Suggestions.DidYouMean(name, names) ?? $"selectors.yml has: {string.Join(", ", names)}",
        };
    }

    /// <param name="path">The selectors of the circle, the first one again at the end.</param>
    public static Diagnostic CircularSelector(SourceSpan span, ImmutableArray<string> path) =>
        new(
            "ST3107",
            Severity.Error,
            span,
            $"the selector '{path[0]}' refers to itself: {string.Join(" -> ", path)}"
        )
        {
            Hint = "leave one of these references out",
        };

    public static Diagnostic BadSelector(SourceSpan span, string fact, string hint) =>
        new("ST3108", Severity.Error, span, fact) { Hint = hint };

    public static Diagnostic UnknownKey(
        SourceSpan span,
        string key,
        IReadOnlyCollection<string> known,
        bool isWarning
    ) =>
        new(
            "ST3109",
            isWarning ? Severity.Warning : Severity.Error,
            span,
            isWarning ? $"'{key}' has no meaning here and is ignored" : $"'{key}' has no meaning here"
        )
        {
            Hint = Suggestions.DidYouMean(key, known) ?? $"known: {string.Join(", ", known)}",
        };

    /// <param name="method"><c>state</c>, say.</param>
    /// <param name="needed">What it is compared with: <c>the manifest.json of an earlier run</c>.</param>
    public static Diagnostic NoEarlierRun(SourceSpan span, string method, string needed) =>
        new("ST3110", Severity.Error, span, $"'{method}:' needs {needed}, but no folder is given that has it")
        {
            Hint =
                "give '--state <folder>', a copy of the 'target' folder of that run; 'strata build' by itself builds what has changed or failed",
        };

    public static Diagnostic UnknownValue(
        SourceSpan span,
        string method,
        string value,
        IReadOnlyCollection<string> known
    ) =>
        new("ST3111", Severity.Error, span, $"'{method}:' has no value '{value}'")
        {
            Hint = Suggestions.DidYouMean(value, known) ?? $"values: {string.Join(", ", known)}",
        };

    /// <param name="path">As the user may find it.</param>
    public static Diagnostic BadEarlierRun(SourceSpan span, string path, string reason, string hint) =>
        new("ST3112", Severity.Error, span, $"{path} {reason}") { Hint = hint };

    public static Diagnostic SelectorBeatsOthers(string selector) =>
        new(
            "ST3113",
            Severity.Warning,
            null,
            $"'--selector {selector}' decides the selection: '--select' and '--exclude' beside it have no effect"
        )
        {
            Hint = $"to combine it with others, write '--select selector:{selector}'",
        };
}
