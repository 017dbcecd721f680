using System.Collections.Immutable;

namespace Strata.Compiler.Diagnostics;

/// <summary>ST706x: the history of runs, and going back in it.</summary>
public static class RollbackDiagnostics
{
    private const int Most = 5;

    public static Diagnostic UnknownRun(string run, IReadOnlyCollection<string> available) =>
        Error(
            "ST7060",
            run == "last-success"
                ? "no run before the current one, as far as there is a way back, has succeeded"
                : $"no run '{run}' is known on the connections of this target"
        ) with
        {
            Hint = Available(available),
        };

    public static Diagnostic OutOfReach(
        string run,
        IReadOnlyCollection<string> problems,
        IReadOnlyCollection<string> available
    ) =>
        Error("ST7061", $"run {run} cannot be rolled back to") with
        {
            Details = Shown(problems),
            Hint = Available(available),
        };

    public static Diagnostic OtherTarget(
        string run,
        string target,
        string current,
        IReadOnlyCollection<string> available
    ) =>
        Error("ST7062", $"run {run} is one of target '{target}', not of '{current}'") with
        {
            Hint = $"'--target {target}' goes back there; of '{current}': {Available(available)}",
        };

    public static Diagnostic SeveralRuns(string run, IReadOnlyCollection<string> matches) =>
        Error("ST7063", $"'{run}' is the beginning of {matches.Count} runs") with
        {
            Details = Shown(matches),
            Hint = "write more of the id",
        };

    public static Diagnostic NotBack(
        string connection,
        string run,
        IReadOnlyCollection<string> done,
        string words
    ) =>
        Error("ST7064", $"connection '{connection}' could not be rolled back and is as it was") with
        {
            Details = [.. words.ReplaceLineEndings("\n").Split('\n')],
            Hint =
                done.Count == 0
                    ? $"nothing was rolled back; run 'strata rollback --to {run}' again once the cause is removed"
                    : $"{Quoted(done)} is back already; run 'strata rollback --to {run}' again once the cause is "
                        + "removed, and only the rest is done",
        };

    /// <summary>The next build reads again what the undone runs have read, and these files are there no more.</summary>
    public static Diagnostic FilesGone(string model, ImmutableArray<string> paths) =>
        new(
            "ST7066",
            Severity.Warning,
            null,
            paths.Length == 1
                ? $"'{model}' took in landed file '{paths[0]}' in a run that goes back, and the file is no longer there"
                : $"'{model}' took in {paths.Length} landed files in runs that go back, and they are no longer there"
        )
        {
            Details = paths.Length == 1 ? [] : Shown(paths),
            Hint =
                $"their rows go, and no build brings them back unless the {(paths.Length == 1 ? "file is" : "files are")} put back before",
        };

    /// <param name="success">A run that succeeded and can be gone back to; null where there is none.</param>
    public static Diagnostic TargetNotWhole(string run, string outcome, string? success) =>
        new(
            "ST7067",
            Severity.Warning,
            null,
            $"run {run} did not succeed ({outcome}): relations go back to what it had published by its end"
        )
        {
            Hint = success is null
                ? $"no run that succeeded can be gone back to; 'strata runs {run}' shows what that one did"
                : $"'strata rollback --to last-success' goes back to {success}",
        };

    /// <param name="isNeeded">Other objects depend on what was to be dropped.</param>
    public static Diagnostic OrphansHeld(string connection, string words, bool isNeeded) =>
        Error(
            "ST7065",
            $"nothing was dropped on connection '{connection}'{(isNeeded ? ": other objects depend on it" : "")}"
        ) with
        {
            Details = [.. words.ReplaceLineEndings("\n").Split('\n')],
            Hint = isNeeded
                ? "drop or change those objects first"
                : "run it again once the cause is removed; all else is as it was",
        };

    private static string Available(IReadOnlyCollection<string> runs) =>
        runs.Count == 0
            ? "there is no run to go back to; 'strata runs' shows the history"
            : $"possible: {string.Join(", ", runs.Take(Most))}; 'strata runs' shows all";

    private static string Quoted(IEnumerable<string> names) =>
        string.Join(", ", names.Select(name => $"'{name}'"));

    private static ImmutableArray<string> Shown(IReadOnlyCollection<string> lines) =>
        lines.Count <= Most ? [.. lines] : [.. lines.Take(Most), $"... and {lines.Count - Most} more"];

    private static Diagnostic Error(string code, string message) => new(code, Severity.Error, null, message);
}
