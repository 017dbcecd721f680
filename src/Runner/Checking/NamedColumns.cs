using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;
using Strata.Compiler.Manifest.Models;
using Strata.Runner.Adapters;
using Strata.Runner.Materializations;

namespace Strata.Runner.Checking;

/// <summary>Holds the columns that a model's configuration and YAML name against those that its query gives.</summary>
internal static partial class NamedColumns
{
    /// <param name="query">The columns of the query.</param>
    /// <param name="published">The columns that readers see.</param>
    /// <param name="isTested">Whether a test is about a column, and so says itself that it is not there.</param>
    public static IEnumerable<Diagnostic> Check(
        ModelNode model,
        ImmutableArray<ColumnSchema> query,
        ImmutableArray<ColumnSchema> published,
        Func<string, bool> isTested
    )
    {
        string[] given = [.. query.Select(column => column.Name)];
        string[] seen = [.. published.Select(column => column.Name)];
        foreach (var (option, name, matters) in Configured(model.Config).Distinct())
        {
            if (ColumnNames.Find(given, name) is null)
                yield return Unknown(option, name, given, matters);
        }
        if (model.Config.EventTime is { } eventTime && ColumnNames.Find(seen, eventTime) is null)
            yield return Unknown("event_time", eventTime, seen, model.Config.Microbatch is not null);
        if (model.Config.ContractEnforced == true)
            yield break;
        foreach (var column in model.Columns)
        {
            // the rows of a table that grows may have kept a column which the query has no more
            if (
                ColumnNames.Find(seen, column.Name) is null
                && model.Config.Materialized != Materialization.Incremental
                && !isTested(column.Name)
            )
                yield return CheckDiagnostics.ColumnNotGiven(
                    column.Declaration ?? model.Declaration,
                    model.Name,
                    column.Name,
                    seen
                );
        }

        Diagnostic Unknown(string option, string name, string[] columns, bool matters)
        {
            var unknown = InputDiagnostics.UnknownColumn(
                model.Declaration,
                model.Name,
                option,
                name,
                columns
            );
            return matters ? unknown : unknown with { Severity = Severity.Warning };
        }
    }

    /// <summary>What names columns of the query, and whether a run fails where there is none.</summary>
    private static IEnumerable<(string Option, string Name, bool Matters)> Configured(ModelConfig config)
    {
        var isStored = config.Materialized is not (Materialization.View or Materialization.Ephemeral);
        foreach (var name in config.UniqueKey)
            yield return ("unique_key", name, isStored);
        if (config.Materialized == Materialization.Cdc)
        {
            foreach (var name in config.Cdc.SequenceBy)
                yield return ("sequence_by", name, true);
            foreach (var name in config.Cdc.ExceptColumns)
                yield return ("except_columns", name, true);
            foreach (var name in config.Cdc.TrackHistoryColumns)
                yield return ("track_history_columns", name, true);
            foreach (var name in config.Cdc.TrackHistoryExceptColumns)
                yield return ("track_history_except_columns", name, true);
            yield break;
        }
        if (config.SequenceBy is { } sequence)
            yield return ("sequence_by", sequence, isStored);
        if (config.Materialized == Materialization.Snapshot)
        {
            if (config.Snapshot.UpdatedAt is { } updatedAt)
                yield return ("updated_at", updatedAt, true);
            foreach (var name in config.Snapshot.CheckColumns)
                yield return ("check_cols", name, true);
        }
        // what a merge does not find it passes over
        foreach (var name in config.MergeUpdateColumns)
            yield return ("merge_update_columns", name, false);
        foreach (var name in config.MergeExcludeColumns)
            yield return ("merge_exclude_columns", name, false);
        foreach (var name in config.PartitionBy.Where(name => PlainName().IsMatch(name)))
            yield return ("partition_by", name, config.Strategy == IncrementalStrategy.InsertOverwrite);
    }

    // others are expressions
    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_]*$")]
    private static partial Regex PlainName();
}
