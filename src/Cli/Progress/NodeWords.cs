using System.Collections.Immutable;
using Strata.Cli.Output;
using Strata.Runner.Events;
using Strata.Runner.Planning;
using Strata.Runner.Results;

namespace Strata.Cli.Progress;

/// <summary>The words for nodes and outcomes; stable, because people grep for them.</summary>
public static class NodeWords
{
    /// <summary>The width of the longest of <see cref="Outcome(Strata.Runner.Results.Outcome)"/>.</summary>
    public const int OutcomeWidth = 5;

    public static string Outcome(Outcome outcome) =>
        outcome switch
        {
            Runner.Results.Outcome.Succeeded => "ok",
            Runner.Results.Outcome.Fresh => "fresh",
            Runner.Results.Outcome.Warned => "warn",
            Runner.Results.Outcome.Failed => "fail",
            Runner.Results.Outcome.PartialSuccess => "part",
            Runner.Results.Outcome.Skipped => "skip",
            Runner.Results.Outcome.HeldBack => "held",
            _ => "stop",
        };

    public static string Glyph(Outcome outcome) =>
        outcome switch
        {
            Runner.Results.Outcome.Succeeded => "✓",
            Runner.Results.Outcome.Fresh => "=",
            Runner.Results.Outcome.Warned => "!",
            Runner.Results.Outcome.Failed => "✗",
            Runner.Results.Outcome.PartialSuccess => "◐",
            Runner.Results.Outcome.Skipped => "-",
            Runner.Results.Outcome.HeldBack => "‖",
            _ => "■",
        };

    public static Tone ToneOf(Outcome outcome) =>
        outcome switch
        {
            Runner.Results.Outcome.Succeeded => Tone.Good,
            Runner.Results.Outcome.Warned or Runner.Results.Outcome.HeldBack => Tone.Warning,
            Runner.Results.Outcome.Failed or Runner.Results.Outcome.PartialSuccess => Tone.Bad,
            _ => Tone.Quiet,
        };

    /// <summary>The relation for what is a relation, so that the layer is seen; else the name.</summary>
    public static string Title(PlannedNode node) =>
        node.Kind is PlannedKind.Transfer or PlannedKind.Test || node.Relation is not { } relation
            ? node.Name
            : relation.ToString();

    public static string Action(PlannedNode node) =>
        node.Action switch
        {
            PlannedAction.None => "",
            PlannedAction.Test => "test",
            PlannedAction.UnitTest => "unit test",
            PlannedAction.Incremental or PlannedAction.Full when node.Kind is PlannedKind.Snapshot =>
                "snapshot",
            PlannedAction.Incremental => "incremental",
            PlannedAction.View => "view",
            PlannedAction.Copy => "copy",
            _ => node.Kind is PlannedKind.Seed ? "seed" : "table",
        };

    /// <summary><c>1,204 rows</c>, <c>checking files 2.1 GB of 5.0 GB, 42%, 16,400,384 rows</c></summary>
    public static string Progress(NodeProgress progress)
    {
        var rows = Words.Count(progress.Rows, "row");
        if (progress.Files is not { } files)
            return rows;
        var share = files.TotalBytes == 0 ? 100 : 100 * files.Bytes / files.TotalBytes;
        return $"{files.Step} files {Words.Bytes(files.Bytes)} of {Words.Bytes(files.TotalBytes)}, {share}%, {rows}";
    }

    /// <summary><c>198,734 rows</c>, or nothing where it is not known.</summary>
    public static string Rows(RowCounts? rows) =>
        (rows?.Out ?? rows?.In) is { } count ? Words.Count(count, "row") : "";

    /// <summary><c>+1,204 ~10 -3</c>: inserted, updated, deleted; nothing when all rows are new.</summary>
    public static string Changes(RowCounts? rows)
    {
        if (rows is null)
            return "";
        var parts = new List<string>();
        if (rows.Inserted is > 0 && (rows.Inserted != rows.Out || rows.Updated > 0 || rows.Deleted > 0))
            parts.Add($"+{Words.Number(rows.Inserted.Value)}");
        if (rows.Updated is > 0)
            parts.Add($"~{Words.Number(rows.Updated.Value)}");
        if (rows.Deleted is > 0)
            parts.Add($"-{Words.Number(rows.Deleted.Value)}");
        return string.Join(' ', parts);
    }

    /// <summary><c>2 tests</c>, <c>1 of 2 tests failed</c>.</summary>
    public static string Tests(ImmutableArray<TestResult> tests)
    {
        if (tests.IsEmpty)
            return "";
        var all = Words.Count(tests.Length, "test");
        if (Count(TestStatus.Fail) is > 0 and var failed)
            return $"{failed} of {all} failed";
        if (Count(TestStatus.Error) is > 0 and var broken)
            return $"{broken} of {all} could not run";
        return Count(TestStatus.Warn) is > 0 and var warned ? $"{warned} of {all} warned" : all;

        int Count(TestStatus status) => tests.Count(test => test.Status == status);
    }

    /// <summary><c>3 passed</c>, <c>1 failed of 3</c>.</summary>
    public static string UnitTests(ImmutableArray<UnitTestResult> tests)
    {
        if (tests.IsEmpty)
            return "";
        var troubles = new[]
        {
            (Count: Count(TestStatus.Fail), Word: "failed"),
            (Count: Count(TestStatus.Error), Word: "could not run"),
            (Count: Count(TestStatus.Skipped), Word: "not run"),
        }.Where(trouble => trouble.Count > 0);
        var text = string.Join(", ", troubles.Select(trouble => $"{trouble.Count} {trouble.Word}"));
        return text.Length == 0 ? $"{tests.Length} passed" : $"{text} of {tests.Length}";

        int Count(TestStatus status) => tests.Count(test => test.Status == status);
    }

    /// <summary><c>3 batches</c>, <c>1 of 3 batches failed</c>.</summary>
    public static string Batches(NodeResult result)
    {
        var batches = result.Batches;
        if (batches.IsEmpty)
            return "";
        var failed = batches.Count(batch => !batch.IsPublished);
        if (failed == 0)
            return Words.Count(batches.Length, "batch", "batches");
        // some that were to be built may not have been tried any more
        var planned = Math.Max(batches.Length, result.Node.Batches.Length);
        return $"{Words.Number(failed)} of {Words.Count(planned, "batch", "batches")} failed";
    }

    /// <summary>Why a node ended as it did, where that is not its own doing.</summary>
    public static string Reason(NodeResult result) =>
        (result.Outcome, result.Because) switch
        {
            (Runner.Results.Outcome.Skipped, { } because) => $"because of {because}",
            (Runner.Results.Outcome.HeldBack, { } because) => $"not published because of {because}",
            (Runner.Results.Outcome.HeldBack, null) => "not published",
            (Runner.Results.Outcome.Cancelled, _) => "cancelled",
            _ => "",
        };
}
