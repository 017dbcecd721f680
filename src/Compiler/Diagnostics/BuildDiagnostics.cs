using Strata.Compiler.Text;

namespace Strata.Compiler.Diagnostics;

/// <summary>ST701x: what comes up while a node is built: what it must read, seed files, strategies, the publish, and what is left behind.</summary>
public static class BuildDiagnostics
{
    /// <param name="selector">Selects the node with all that reads it; of a replica, its producer.</param>
    public static Diagnostic HeldByDependents(
        SourceSpan span,
        string node,
        string relation,
        string words,
        string selector
    ) =>
        new(
            "ST7010",
            Severity.Error,
            span,
            $"'{node}' cannot be published: other objects depend on '{relation}'"
        )
        {
            Details = [.. words.ReplaceLineEndings("\n").Split('\n')],
            Hint =
                "drop or change those objects first, or publish views of this project together with what they read: "
                + $"set publish: run on their layer, which must also be that of what they read, and select them, too (--select {selector}+); nothing was published",
        };

    public static Diagnostic StrategyLacks(SourceSpan span, string model, string strategy, string option) =>
        new("ST7011", Severity.Error, span, $"incremental strategy {strategy} of '{model}' needs '{option}'")
        {
            Hint = $"add '{option}' to the model's config",
        };

    public static Diagnostic SeedSyntax(SourceSpan span, string seed, string problem) =>
        new("ST7012", Severity.Error, span, $"seed '{seed}' is not valid CSV: {problem}");

    /// <param name="isCut">Whether it is of that type, but has more than the type has room for.</param>
    public static Diagnostic SeedValue(
        SourceSpan span,
        string column,
        string value,
        string type,
        bool isCut
    ) =>
        new(
            "ST7013",
            Severity.Error,
            span,
            isCut
                ? $"'{value}' does not fit {type}, the type declared for column '{column}': a part of it would be lost"
                : $"'{value}' is not a valid {type}, the type declared for column '{column}'"
        )
        {
            Hint = "correct the value, or declare another type in column_types",
        };

    public static Diagnostic StateIsNewer(string connection, long found, long known) =>
        new(
            "ST7014",
            Severity.Error,
            null,
            $"the state of connection '{connection}' has version {found}, but this version of strata knows only {known}"
        )
        {
            Hint = "use the newer strata that wrote it",
        };

    public static Diagnostic Failpoint(string words) =>
        new("ST7016", Severity.Error, null, $"stopped on purpose: {words}")
        {
            Hint = "STRATA_FAILPOINT is set; unset it to run normally",
        };

    public static Diagnostic StagesLeft(string connection, string words) =>
        new("ST7017", Severity.Warning, null, $"temporary tables are left on connection '{connection}'")
        {
            Details = [.. words.ReplaceLineEndings("\n").Split('\n')],
            Hint = "the next run removes them",
        };

    public static Diagnostic ChangesGone(SourceSpan span, string model, string upstream) =>
        new(
            "ST7018",
            Severity.Error,
            span,
            $"'{model}' must read '{upstream}' from the start, but its full_refresh: false forbids that"
        )
        {
            Hint = $"remove full_refresh: false from '{model}' for one run",
        };

    public static Diagnostic SequenceTies(
        SourceSpan span,
        string model,
        IReadOnlyCollection<string> key,
        string sequence,
        long rows
    ) =>
        new(
            "ST7019",
            Severity.Warning,
            span,
            $"{Rows(rows)} of '{model}' lost to another with the same key ({string.Join(", ", key)}) and the same '{sequence}', but different content"
        )
        {
            Hint =
                "name a column in sequence_by that tells them apart, or return one row for each key; until then, a hash of the content decides, the same way in every run",
        };

    private static string Rows(long count) => count == 1 ? "1 row" : $"{count} rows";
}
