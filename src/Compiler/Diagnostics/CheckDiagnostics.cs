using System.Collections.Immutable;
using System.Globalization;
using Strata.Compiler.Text;

namespace Strata.Compiler.Diagnostics;

/// <summary>ST609x: what binding a project's queries shows beside the engine's own errors.</summary>
public static class CheckDiagnostics
{
    public const string LacksServer = "ST6092";

    public static Diagnostic ColumnNotGiven(
        SourceSpan span,
        string model,
        string column,
        IReadOnlyCollection<string> columns
    ) =>
        new("ST6090", Severity.Warning, span, $"'{model}' has no column '{column}', which its YAML describes")
        {
            Hint = Suggestions.DidYouMean(column, columns) ?? $"its columns: {string.Join(", ", columns)}",
        };

    /// <param name="models">Their names; one at least.</param>
    public static Diagnostic NotChecked(
        SourceSpan? span,
        ImmutableArray<string> models,
        string reason,
        ImmutableArray<string> words,
        string? hint
    ) =>
        new(
            "ST6091",
            Severity.Warning,
            span,
            string.Create(
                CultureInfo.InvariantCulture,
                $"{(models.Length == 1 ? $"model '{models[0]}' was" : $"{models.Length} models were")} not checked: {reason}"
            )
        )
        {
            Details = models.Length == 1 ? words : [.. words, string.Join(", ", models)],
            Hint = hint,
        };

    /// <summary>A server that models are written for is not at hand.</summary>
    public static Diagnostic NoServer(SourceSpan? span, string engine, string connection, string words) =>
        new(
            LacksServer,
            Severity.Error,
            span,
            $"no {engine} server is available to check the models of connection '{connection}'"
        )
        {
            Details = [.. words.Trim().ReplaceLineEndings("\n").Split('\n')],
            Hint =
                "start the server, choose another target with --target, or leave those models out with --exclude",
        };
}
