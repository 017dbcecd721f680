using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Strata.Compiler.Manifest;
using Strata.Compiler.Manifest.Models;
using Strata.Compiler.Rendering.Linking;
using Strata.Runner.Adapters;
using Strata.Runner.Adapters.Values;
using Strata.Runner.Materializations;
using Strata.Runner.Proving.Inputs;
using Strata.Runner.Proving.Replaying;
using Strata.Runner.Proving.Schedules;

namespace Strata.Runner.Proving.Examples;

/// <summary>
/// Guesses why a model depends on how its rows arrive, from how it is written and what kind of difference there is:
/// the mistakes that people make are few. Pure.
/// </summary>
internal static partial class UsualCause
{
    private const string LastWins =
        "the row that arrives last wins, not the newest: name the column that says which is newer in 'sequence_by'";

    private const string FollowedByCdc =
        "follow it with a cdc model (sequence_by: \"_change_batch\", apply_as_deletes: \"_change = 'delete'\")";

    public static string Of(
        ModelNode model,
        ReplayOutcome outcome,
        Schedule smallest,
        ImmutableArray<ProofInput> inputs
    )
    {
        var facts = new Facts(model, outcome, smallest, inputs);
        return outcome.End switch
        {
            ReplayEnd.BatchFailed when facts.ReadsChanges && facts.CanLoseRows =>
                $"the changes of '{facts.InputName}' include deleted rows: leave them out (where _change <> 'delete'), or follow it with "
                    + "a cdc model (sequence_by: \"_change_batch\", apply_as_deletes: \"_change = 'delete'\")",
            ReplayEnd.BatchFailed =>
                "a batch must not need what only a full build has; see the engine's message",
            ReplayEnd.FullBuildFailed =>
                "rows that came in several batches cannot be built at once: reduce the rows of each "
                    + "key to one in the query, or by 'sequence_by'",
            _ => OfRows(facts),
        };
    }

    private static string OfRows(Facts facts)
    {
        if (facts.Model.Config.Materialized == Materialization.Snapshot)
            return OfSnapshot(facts.Model.Config.Snapshot);
        if (facts.Model.Config.Microbatch is { } microbatch)
            return $"rows of a period come from rows outside of it: '{microbatch.EventTime}' of a row must lie in the period of "
                + "the rows it is made of, and an input without event_time must not change";
        if (facts.Changes && OfChanges(facts) is { } changes)
            return changes;
        if (facts.KeyHasNull && facts.JoinsItself)
            return "a null in a key: in a join with {{ this }} 'a = b' is not true for two nulls; write "
                + "'a is not distinct from b'";
        if (facts.Strategy == IncrementalStrategy.InsertOverwrite)
            return "a batch with only a part of a partition replaces all of it: read every row of the partitions "
                + "that {{ changes \"...\" }} touches, or merge by a unique_key";
        if (facts.HighWaterMark is { } mark && facts.LosesRows)
            return $"a high-water mark: rows that are not newer than {mark} of {{{{ this }}}} are never read, so late rows "
                + $"are lost. {facts.Instead}";
        if (facts.LooksBack && facts.LosesRows)
            return $"a look-back window: rows that come later than it reaches are never read. {facts.Instead}";
        var isCdc = facts.Model.Config.Materialized == Materialization.Cdc;
        if (facts.Strategy == IncrementalStrategy.Append && !isCdc)
            return OfAppended(facts);
        if (facts.Inputs > 1)
            return "rows that belong together come in different batches, and a join sees only those of its own batch: from "
                + "every input, read again the rows that belong to those of {{ changes \"...\" }}";
        if (facts.PicksOne && facts.Model.Config.SequenceBy is null && !isCdc)
            return LastWins;
        if (facts.HasWindow && !facts.ReadsWhole)
            return "a window function sees only the rows of the batch: let it see all rows of the keys that the batch touches";
        if (facts.Aggregates)
            return "the aggregate of a batch replaces the aggregate of everything: add what {{ this }} has, or "
                + "read all rows of the keys that {{ changes \"...\" }} touches";
        if (isCdc)
            return "the incremental query returns other events than the full one, but each event must be made of one row that "
                + "arrives, whatever came before; compare both with 'strata compile'";
        if (facts.Strategy == IncrementalStrategy.DeleteInsert)
            return "a batch with only some rows of a key replaces all rows of the key: read every row of the keys that "
                + "the batch touches";
        if (facts.Model.Config.SequenceBy is null)
            return LastWins;
        if (facts.Deletes)
            return $"rows of '{facts.InputName}' are deleted after they were read, and the incremental query does not take back what it made of "
                + $"them: {FollowedByCdc}, or build a table";
        return facts.Changes
            ? $"a row of '{facts.InputName}' that is replaced after it was read does not win over what it was: 'sequence_by' must name what "
                + "grows with every change, such as _change_batch"
            : "the incremental query returns other rows than the full one; compare both with 'strata compile'";
    }

    private static string OfSnapshot(SnapshotConfig snapshot) =>
        snapshot.Strategy == SnapshotStrategy.Timestamp
            ? $"a row changed but its '{snapshot.UpdatedAt}' did not, so strategy timestamp does not see it: use "
                + "strategy check, or let the query return the latest time of everything that the row is made of"
            : "a row changed, but not in the columns that are compared: add more columns to check_cols";

    /// <summary>The upstream's rows do not only arrive: some are updated, some deleted.</summary>
    private static string? OfChanges(Facts facts)
    {
        if (facts.Model.Config.Materialized == Materialization.Cdc)
            return $"'{facts.InputName}' updates or deletes rows, and its changes are taken for new events: follow it "
                + "with sequence_by: \"_change_batch\" and apply_as_deletes: \"_change = 'delete'\"";
        if (!facts.ReadsChanges)
        {
            return $"'{facts.InputName}' updates or deletes rows that were read before, which a reader of 'ref' does not see: follow it with a cdc "
                + $"model over {{{{ changes \"{facts.InputName}\" }}}} (sequence_by: \"_change_batch\", apply_as_deletes: \"_change = 'delete'\"), "
                + "or build a table";
        }
        if (facts.Strategy == IncrementalStrategy.Append)
            return $"'{facts.InputName}' updates or deletes rows, but appended rows are never corrected: merge by a unique_key, or follow "
                + "it with a cdc model";
        if (facts.LeavesDeletesOut && facts.CanLoseRows && facts.KeepsOldRows)
            return $"rows of '{facts.InputName}' are {facts.What} after they were read, and the query leaves the deletes among its changes out "
                + $"(_change), so what was made of the old rows stays: {FollowedByCdc}, or build a table";
        if (!facts.Deletes)
        {
            return
                !facts.KeepsOldRows
                && facts.Strategy == IncrementalStrategy.Merge
                && facts.Model.Config.SequenceBy is not null
                ? null
                : $"a row of '{facts.InputName}' changes and then belongs elsewhere, but its changes show only where it is now: keep its "
                    + "rows by their own key (a merge, a cdc model), or build a table";
        }
        return facts.LosesRows || facts.Strategy != IncrementalStrategy.Merge
            ? null
            : $"'{facts.InputName}' deletes rows, but a merge deletes none: follow it with a cdc model (sequence_by: \"_change_batch\", "
                + "apply_as_deletes: \"_change = 'delete'\"), and leave 'delete' out of what is merged";
    }

    private static string OfAppended(Facts facts)
    {
        if (facts.ReadsWhole && facts.HighWaterMark is null)
            return $"every run reads everything again and appends it: read only what has arrived, {{{{ changes \"{facts.InputName}\" }}}}, "
                + "or merge by a unique_key";
        if (facts.HasWindow)
            return "a window function sees only the rows of the batch, and appended rows are never corrected: merge by a unique_key";
        if (facts.Aggregates)
            return "every batch appends an aggregate of its own: append rows as they are and aggregate them in a table, or "
                + "merge by a unique_key";
        if (facts.Inputs > 1)
            return "rows that belong together come in different batches, and appended rows are never corrected";
        return "append has no unique_key: what arrives twice is there twice; merge by a key";
    }

    /// <summary>What can be seen of a model and of its smallest example.</summary>
    private sealed class Facts
    {
        public Facts(
            ModelNode model,
            ReplayOutcome outcome,
            Schedule smallest,
            ImmutableArray<ProofInput> inputs
        )
        {
            Model = model;
            var sql = Comments().Replace((model.Incremental ?? model.Full).Text, " ");
            var read = smallest
                .Batches.SelectMany(batch => batch)
                .Where(one => inputs[one.Input].Grows)
                .Select(one => one.Input)
                .Distinct()
                .ToList();
            Inputs = read.Count;
            var first = read.Count > 0 ? inputs[read[0]] : inputs.FirstOrDefault();
            Changes = smallest.Batches.Any(batch => batch.Any(one => one.Change != RowChange.Arrives));
            Deletes = smallest.Batches.Any(batch => batch.Any(one => one.Change == RowChange.Deleted));
            ReadsChanges = (model.Incremental?.Reads ?? []).Any(one => one.Kind == ReferenceKind.Changes);
            CanLoseRows =
                first is not null
                && Enumerable.Range(0, first.Count).Any(row => first.Can(RowChange.Deleted, row));
            InputName = first?.Name ?? "...";
            LosesRows = outcome.HasCounts
                ? outcome.Missing > 0
                : outcome.Differences.Any(one => !one.IsUnexpected);
            LeavesDeletesOut = ReadsChanges && WithoutDeletes().IsMatch(sql);
            JoinsItself = (model.Incremental?.Reads ?? []).Any(one => one.Kind == ReferenceKind.This);
            // what a feed gives has arrived: there is nothing that such a mark would keep from being read
            HighWaterMark =
                JoinsItself && !ReadsChanges && Maximum().Match(sql) is { Success: true } found
                    ? $"max({found.Groups[1].Value})"
                    : null;
            LooksBack = Clock().IsMatch(sql);
            HasWindow = Window().IsMatch(sql);
            PicksOne = First().IsMatch(sql);
            Aggregates = Aggregate().IsMatch(sql);
            Instead =
                first is FilesInput
                    ? "Remove the condition: a batch of landed files has only the new ones"
                    : $"Read what has arrived instead: {{{{ changes \"{InputName}\" }}}}"
                        + (Grouping().IsMatch(sql) ? ", and every row of the groups that it touches" : "");
            ReadsWhole = first is TableInput && !ReadsChanges && HighWaterMark is null && !LooksBack;
            var key = model
                .Config.UniqueKey.Select(name => outcome.Columns.PlaceOf(name))
                .Where(place => place >= 0)
                .ToList();
            string KeyOf(object?[] row) =>
                string.Join('\0', key.Select(place => ValueText.Of(row[place]) ?? "\u0001"));
            var missing = outcome
                .Differences.Select(one => one.Expected)
                .OfType<object?[]>()
                .Select(KeyOf)
                .ToHashSet();
            KeepsOldRows = outcome.HasCounts
                ? outcome.Missing < 0
                : outcome.Differences.Any(one => one.Actual is { } row && !missing.Contains(KeyOf(row)));
            KeyHasNull = outcome.Differences.Any(one =>
                key.Any(place => (one.Expected ?? one.Actual)?[place] is null)
            );
        }

        public ModelNode Model { get; }

        public IncrementalStrategy Strategy => Model.Config.Strategy;

        public int Inputs { get; }

        public string InputName { get; }

        public bool LosesRows { get; }

        /// <summary>Whether the batches lead to rows with keys that a full build does not have.</summary>
        public bool KeepsOldRows { get; }

        /// <summary>Whether it says that it does not want the deletes among the changes that it reads.</summary>
        public bool LeavesDeletesOut { get; }

        /// <summary>What happens to rows that were read, in a word.</summary>
        public string What => Deletes ? "deleted" : "replaced";

        /// <summary>Whether it takes rows that are replaced or deleted to show the difference.</summary>
        public bool Changes { get; }

        public bool Deletes { get; }

        /// <summary>Whether rows of the input are deleted at all.</summary>
        public bool CanLoseRows { get; }

        public bool ReadsChanges { get; }

        public bool JoinsItself { get; }

        public string? HighWaterMark { get; }

        public bool LooksBack { get; }

        public bool HasWindow { get; }

        /// <summary>Whether it keeps one row of each key, as <c>row_number() over (...) = 1</c> does.</summary>
        public bool PicksOne { get; }

        public bool Aggregates { get; }

        /// <summary>What a model does instead of guessing from its own rows what is new, in words.</summary>
        public string Instead { get; }

        public bool ReadsWhole { get; }

        public bool KeyHasNull { get; }
    }

    [GeneratedRegex(@"--[^\n]*|/\*.*?\*/", RegexOptions.Singleline)]
    private static partial Regex Comments();

    [GeneratedRegex(@"\bmax\s*\(\s*([\w.""]+)\s*\)", RegexOptions.IgnoreCase)]
    private static partial Regex Maximum();

    [GeneratedRegex(
        @"\bwhere\b.*\b(current_date|current_timestamp|now\s*\(|today\s*\()",
        RegexOptions.IgnoreCase | RegexOptions.Singleline
    )]
    private static partial Regex Clock();

    [GeneratedRegex(
        @"\b_change""?\s*(<>|!=)\s*'delete'|\b_change""?\s*(=|in\s*\()\s*'(insert|update)'",
        RegexOptions.IgnoreCase
    )]
    private static partial Regex WithoutDeletes();

    [GeneratedRegex(@"\bgroup\s+by\b", RegexOptions.IgnoreCase)]
    private static partial Regex Grouping();

    [GeneratedRegex(@"\bover\s*(\(|\w)", RegexOptions.IgnoreCase)]
    private static partial Regex Window();

    [GeneratedRegex(
        @"\brow_number\s*\(\s*\)\s*over\b.*=\s*1\b",
        RegexOptions.IgnoreCase | RegexOptions.Singleline
    )]
    private static partial Regex First();

    [GeneratedRegex(
        @"\bgroup\s+by\b|\b(sum|count|avg|min|max|list|string_agg)\s*\(",
        RegexOptions.IgnoreCase
    )]
    private static partial Regex Aggregate();
}
