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
                ? "no run before the current one has succeeded, among those that can still be rolled back to"
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
        Error("ST7061", $"cannot roll back to run {run}") with
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
        Error("ST7062", $"run {run} belongs to target '{target}', not to '{current}'") with
        {
            Hint = $"use '--target {target}' for that run; on '{current}', {Available(available)}",
        };

    public static Diagnostic SeveralRuns(string run, IReadOnlyCollection<string> matches) =>
        Error("ST7063", $"'{run}' matches {matches.Count} runs") with
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
        Error("ST7064", $"connection '{connection}' could not be rolled back and is unchanged") with
        {
            Details = [.. words.ReplaceLineEndings("\n").Split('\n')],
            Hint =
                done.Count == 0
                    ? $"remove the cause, then run 'strata rollback --to {run}' again; nothing was rolled back"
                    : $"remove the cause, then run 'strata rollback --to {run}' again; {Quoted(done)} is already "
                        + "rolled back, and only the rest will be done",
        };

    /// <summary>The next build reads again what the undone runs have read, and these files are there no more.</summary>
    public static Diagnostic FilesGone(string model, ImmutableArray<string> paths) =>
        new(
            "ST7066",
            Severity.Warning,
            null,
            paths.Length == 1
                ? $"'{model}' took in landed file '{paths[0]}' in a run that is undone, and the file is no longer there"
                : $"'{model}' took in {paths.Length} landed files in runs that are undone, and they are no longer there"
        )
        {
            Details = paths.Length == 1 ? [] : Shown(paths),
            Hint =
                $"put the {(paths.Length == 1 ? "file" : "files")} back before the next build: without {(paths.Length == 1 ? "it" : "them")}, no build brings the rows back",
        };

    /// <param name="success">A run that succeeded and can be gone back to; null where there is none.</param>
    public static Diagnostic TargetNotWhole(string run, string outcome, string? success) =>
        new(
            "ST7067",
            Severity.Warning,
            null,
            $"run {run} did not succeed ({outcome}): relations go back to what it had published when it ended"
        )
        {
            Hint = success is null
                ? $"there is no successful run to go back to; 'strata runs {run}' shows what this one did"
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
                : "remove the cause, then run it again; everything else is unchanged",
        };

    private static string Available(IReadOnlyCollection<string> runs) =>
        runs.Count == 0
            ? "there is no run to go back to; 'strata runs' shows the history"
            : $"possible runs: {string.Join(", ", runs.Take(Most))}; 'strata runs' shows all";

    private static string Quoted(IEnumerable<string> names) =>
        string.Join(", ", names.Select(name => $"'{name}'"));

    private static ImmutableArray<string> Shown(IReadOnlyCollection<string> lines) =>
        lines.Count <= Most ? [.. lines] : [.. lines.Take(Most), $"... and {lines.Count - Most} more"];

    private static Diagnostic Error(string code, string message) => new(code, Severity.Error, null, message);
}
