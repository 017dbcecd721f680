using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Strata.Compiler.Manifest;
using Strata.Compiler.Manifest.Models;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;
using Strata.Runner.Materializations;
using Strata.Runner.State;

namespace Strata.Runner.History;

/// <summary>
/// The hidden table that a cdc model keeps beside its own, changed in the same transaction: of each key the events that
/// a late one must be weighed against. Its name tells the settings under which it was made, so that it is never read under others.
/// </summary>
public static class CdcState
{
    public const string Schema = "_strata_cdc";

    /// <summary>Why a model whose <see cref="Find">state is not found</see> reads everything again.</summary>
    public const string SetOtherwise = "its key, sequence or history settings have changed";

    private const int DigitsOfShape = 8;

    public static RelationName TableOf(ModelNode model, SqlDialect dialect) =>
        new(Schema, Prefix(model.Relation, dialect) + ShapeOf(model.Config));

    /// <summary>What is remembered of a model's events; nothing if they were published in another way the last time, which remembers none.</summary>
    /// <param name="last">The model's last publish.</param>
    public static RelationInfo? Find(
        ModelNode model,
        SqlDialect dialect,
        NodeState? last,
        Func<RelationName, RelationInfo?> find
    ) => last?.Materialized is { } was && was != Materialization.Cdc ? null : find(TableOf(model, dialect));

    /// <summary>The states that a model has left under other settings.</summary>
    public static IEnumerable<RelationName> Others(
        IEnumerable<RelationName> relations,
        ModelNode model,
        SqlDialect dialect
    )
    {
        var own = TableOf(model, dialect);
        return Of(relations, model.Relation, dialect)
            .Where(state => !dialect.RelationNames.Equals(state, own));
    }

    /// <summary>All states, under whatever settings, of what is published as a relation.</summary>
    public static IEnumerable<RelationName> Of(
        IEnumerable<RelationName> relations,
        RelationName published,
        SqlDialect dialect
    )
    {
        var prefix = Prefix(published, dialect);
        return relations.Where(relation =>
            relation.Schema == Schema
            && relation.Name.Length == prefix.Length + DigitsOfShape
            && relation.Name.StartsWith(
                prefix,
                dialect.FoldsCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal
            )
            && relation.Name[prefix.Length..].All(char.IsAsciiHexDigitLower)
        );
    }

    /// <summary>Whether what was stored can be read as the events are now.</summary>
    public static bool Fits(CdcPlan plan, RelationInfo state) =>
        plan.Stored.All(column =>
            state.Columns.Find(column.Name) is not { Name: var name } found
            // by another spelling it would be taken for a column that is new, and the one that is there for one that has left
            || (
                name == column.Name ? found.Type == column.Type : plan.Stored.Any(other => other.Name == name)
            )
        );

    /// <summary>
    /// The columns of remembered events that the query does not give any more. What the events were told apart by stays so: the columns
    /// are null in new ones.
    /// </summary>
    public static ImmutableArray<ColumnSchema> Left(CdcPlan plan, RelationInfo state) =>
        plan.KeepsPlacesOnly
            ? []
            :
            [
                .. state.Columns.Where(old =>
                    !HiddenColumns.IsHidden(old.Name) && plan.Stored.All(column => column.Name != old.Name)
                ),
            ];

    /// <summary>The columns that are new in the events.</summary>
    public static IEnumerable<PublishStep> AddColumns(CdcPlan plan, RelationInfo state) =>
        plan
            .Stored.Where(column => state.Columns.All(old => old.Name != column.Name))
            .Select(column => new PublishStep(
                $"alter table {plan.Dialect.Quote(state.Name)} add column {plan.Name(column.Name)} {column.Type}"
            ));

    /// <summary>One number, not 0 if deletes have been forgotten.</summary>
    public static string HasForgotten(SqlDialect dialect, RelationName state) =>
        $"select count(*) from (select 1 from {dialect.Quote(state)} where {HiddenColumns.Horizon} limit 1) as forgotten";

    /// <summary>A state made anew from all events.</summary>
    /// <param name="indexed">The engine looks up rows by an index.</param>
    public static IEnumerable<PublishStep> Create(
        CdcPlan plan,
        RelationName state,
        RelationName folded,
        DateTimeOffset now,
        bool indexed
    )
    {
        var table = plan.Dialect.Quote(state);
        yield return new PublishStep(Ddl.DropTable(plan.Dialect, state));
        yield return new PublishStep(
            $"create table {table} as {Rows(plan, folded, now)} where {HiddenColumns.Kept} = 1"
        );
        if (!indexed)
            yield break;
        yield return Index("_key", plan.KeyList, "");
        yield return Index("_horizon", HiddenColumns.Hash, $" where {HiddenColumns.Horizon}");
        if (plan.Config.Cdc.TombstoneRetention is not null)
            yield return Index("_deleted", HiddenColumns.SeenAt, $" where {HiddenColumns.Deleted}");

        PublishStep Index(string suffix, string columns, string where) =>
            new(
                $"create index {plan.Name(Identifiers.Fit(state.Name + suffix, plan.Dialect.MaxIdentifierBytes))} "
                    + $"on {table} ({columns}){where}"
            );
    }

    /// <summary>What a batch changes in the state: the events that count no more, and those that do now.</summary>
    public static IEnumerable<PublishStep> Apply(
        CdcPlan plan,
        RelationName state,
        CdcStages stages,
        KeyMatch match,
        DateTimeOffset now
    )
    {
        var table = plan.Dialect.Quote(state);
        var folded = plan.Dialect.Quote(stages.Folded);
        if (!plan.KeepsHistory)
        {
            foreach (var condition in match.Conditions)
            {
                yield return new PublishStep(
                    $"""
                    delete from {table} as {RowAlias.Target} where not {RowAlias.Target}.{HiddenColumns.Horizon}
                    and exists (select 1 from {plan.Dialect.Quote(
                        stages.Events
                    )} as {RowAlias.Batch} where {condition})
                    and not exists (
                      select 1 from {folded} as kept where kept.{HiddenColumns.Hash} = {RowAlias.Target}.{HiddenColumns.Hash}
                      and kept.{HiddenColumns.Kept} = 1
                    )
                    """
                );
            }
        }
        yield return new PublishStep(
            $"insert into {table} ({plan.Columns(plan.Stored)}, {Marks})\n{Rows(plan, stages.Folded, now)} "
                + $"where {HiddenColumns.Kept} = 1 and {HiddenColumns.Known} = 0"
        );
        if (plan.Config.Cdc.TombstoneRetention is { } retention)
        {
            foreach (var step in Forget(plan, state, now, retention))
                yield return step;
        }
    }

    /// <summary>The rows of the state that <see cref="Apply"/> may change, or has changed: the columns that were there before.</summary>
    public static string Touched(
        CdcPlan plan,
        RelationInfo state,
        RelationName events,
        KeyMatch match,
        DateTimeOffset now
    )
    {
        var table = plan.Dialect.Quote(state.Name);
        var batch = plan.Dialect.Quote(events);
        var columns = Ddl.Columns(
            plan.Dialect,
            state.Columns.Select(column => column.Name),
            $"{RowAlias.Target}."
        );
        var parts = match
            .Conditions.Select(condition =>
                $"not {RowAlias.Target}.{HiddenColumns.Horizon} and exists (select 1 from {batch} as {RowAlias.Batch} where {condition})"
            )
            .ToList();
        if (plan.Config.Cdc.TombstoneRetention is { } retention)
        {
            parts.Add($"{RowAlias.Target}.{HiddenColumns.Horizon}");
            parts.Add(
                $"{RowAlias.Target}.{HiddenColumns.Deleted} and not {RowAlias.Target}.{HiddenColumns.Horizon} "
                    + $"and {RowAlias.Target}.{HiddenColumns.SeenAt} < {Instant(plan, now - retention)} and {match.NotInBatch(batch)}"
            );
        }
        return string.Join(
            "\nunion all\n",
            parts.Select(part => $"select {columns} from {table} as {RowAlias.Target} where {part}")
        );
    }

    /// <summary>
    /// Deletes that are old enough are forgotten; of all of them together the greatest sequence stays known, so that an
    /// event that might be older than its key's delete can be told.
    /// </summary>
    private static IEnumerable<PublishStep> Forget(
        CdcPlan plan,
        RelationName state,
        DateTimeOffset now,
        TimeSpan retention
    )
    {
        var table = plan.Dialect.Quote(state);
        var sequence = Ddl.Columns(plan.Dialect, plan.Sequence);
        var live = string.Join(
            " and ",
            plan.Key.Select(key =>
                plan.Dialect.NullSafeEquals(
                    $"__strata_live_row.{plan.Name(key)}",
                    $"__strata_dead_row.{plan.Name(key)}"
                )
            )
        );
        var old =
            $"__strata_dead_row.{HiddenColumns.Deleted} and not __strata_dead_row.{HiddenColumns.Horizon} "
            + $"and __strata_dead_row.{HiddenColumns.SeenAt} < {Instant(plan, now - retention)} and not exists "
            + $"(select 1 from {table} as __strata_live_row where not __strata_live_row.{HiddenColumns.Deleted} and {live})";
        // the new horizon is told from the one before it by its hash
        var mark = plan.Dialect.QuoteString(
            "horizon " + now.UtcDateTime.ToString("O", CultureInfo.InvariantCulture)
        );
        yield return new PublishStep(
            $"""
            insert into {table} ({sequence}, {Marks})
            select {sequence}, {mark}, true, {Instant(plan, now)}, true from {table} as __strata_dead_row
            where __strata_dead_row.{HiddenColumns.Deleted} and (__strata_dead_row.{HiddenColumns.Horizon} or {old})
            order by {plan.OrderDescending} limit 1
            """
        );
        yield return new PublishStep(
            $"delete from {table} as __strata_dead_row where __strata_dead_row.{HiddenColumns.Deleted} "
                + $"and (__strata_dead_row.{HiddenColumns.Horizon} and __strata_dead_row.{HiddenColumns.Hash} <> {mark} or {old})"
        );
    }

    private static string Marks =>
        $"{HiddenColumns.Hash}, {HiddenColumns.Deleted}, {HiddenColumns.SeenAt}, {HiddenColumns.Horizon}";

    private static string Rows(CdcPlan plan, RelationName folded, DateTimeOffset now) =>
        $"select {plan.Columns(plan.Stored)}, {HiddenColumns.Hash}, {HiddenColumns.Deleted}, "
        + $"{Instant(plan, now)} as {HiddenColumns.SeenAt}, false as {HiddenColumns.Horizon} "
        + $"from {plan.Dialect.Quote(folded)}";

    private static string Instant(CdcPlan plan, DateTimeOffset at) =>
        $"cast({plan.Dialect.QuoteString(at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.ffffff'+00'", CultureInfo.InvariantCulture))} "
        + $"as {plan.Dialect.TypeName(SqlType.TimestampTz)})";

    private static string Prefix(RelationName relation, SqlDialect dialect) =>
        Identifiers.Fit(Identifiers.Joined(relation), dialect.MaxIdentifierBytes - DigitsOfShape - 2) + "__";

    private static string ShapeOf(ModelConfig config)
    {
        var cdc = config.Cdc;
        var text = new StringBuilder();
        foreach (
            var names in (ImmutableArray<string>[])
                [
                    config.UniqueKey,
                    cdc.SequenceBy,
                    cdc.ExceptColumns,
                    cdc.TrackHistoryColumns,
                    cdc.TrackHistoryExceptColumns,
                    [cdc.ApplyAsDeletes ?? "", $"{cdc.ScdType}", $"{cdc.IgnoreNullUpdates}"],
                    [config.History.ValidFrom, config.History.ValidTo, config.History.IsCurrent],
                ]
        )
            text.AppendJoin('\u001f', names).Append('\u001e');
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())))[
            ..DigitsOfShape
        ];
    }
}
