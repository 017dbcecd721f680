using System.Collections.Immutable;
using System.Globalization;
using Strata.Compiler.Manifest.Models;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;
using Strata.Runner.Materializations;

namespace Strata.Runner.History;

/// <summary>The versions that a snapshot begins and ends, as queries over what was read and the history so far.</summary>
public static class SnapshotRows
{
    private const string Start = "__strata_start";

    /// <summary>A row as it was read; see <see cref="RowAlias"/>.</summary>
    private const string Fresh = "__strata_fresh_row";

    /// <summary>The first history: every row is current.</summary>
    public static string First(SnapshotPlan plan, RelationName input) =>
        New(
            plan,
            [.. plan.Columns, .. plan.Added.Select(name => new ColumnSchema(name, ""))],
            $"(select *, {Base(plan, Fresh)} as {Start} from {plan.Dialect.Quote(input)} as {Fresh}) as {Fresh}",
            "false",
            Fresh
        );

    /// <summary>
    /// What changes: versions that end, versions that begin, and, if asked for, those of keys that are no longer there. Rows of
    /// the history that stay as they are do not appear.
    /// </summary>
    /// <param name="history">The relation as it is.</param>
    /// <param name="nullKeys">There are rows with a null in their key.</param>
    public static string Batch(SnapshotPlan plan, RelationName input, RelationInfo history, bool nullKeys)
    {
        var after = After(plan, history);
        var read = plan.Dialect.Quote(input);
        var old = plan.Dialect.Quote(history.Name);
        var current = $"(select * from {old} where {plan.Name(plan.Names.IsCurrent)})";
        var pairs =
            $"{read} as {Fresh} join {current} as {RowAlias.Target} on {Match(plan, history, nullKeys)}";
        var later = Later(plan, Fresh);
        var changed =
            $"(select {Fresh}.*, {later} as {Start} from {pairs} where {Changed(plan, history)}) as {Fresh}";
        var ended =
            $"(select {RowAlias.Target}.*, {later} as {Start} from {pairs} where {Changed(plan, history)}) as {RowAlias.Target}";
        var parts = new List<string>
        {
            Ended(plan, after, history, ended),
            New(plan, after, changed, "false", Fresh),
            New(plan, after, Appeared(plan, history, read, old, current, nullKeys), "false", Fresh),
        };
        if (plan.Snapshot.HardDeletes != HardDeletes.Ignore)
        {
            var alive = IsMarked(plan, history)
                ? $" and not coalesce({RowAlias.Target}.{plan.Name(plan.Names.IsDeleted)}, false)"
                : "";
            var gone =
                $"(select {RowAlias.Target}.*, {LaterThan(plan, Now(plan))} as {Start} from {current} as {RowAlias.Target} "
                + $"where not exists (select 1 from {read} as {Fresh} where {Match(plan, history, nullKeys)}){alive}) as {RowAlias.Target}";
            parts.Add(Ended(plan, after, history, gone));
            if (plan.MarksDeletes)
                parts.Add(New(plan, after, gone, "true", RowAlias.Target, history));
        }
        return string.Join("\nunion all\n", parts);
    }

    /// <summary>The columns of the history once the batch is in.</summary>
    public static ImmutableArray<ColumnSchema> After(SnapshotPlan plan, RelationInfo history)
    {
        var marked =
            plan.MarksDeletes && !IsMarked(plan, history)
                ? [new ColumnSchema(plan.Names.IsDeleted, plan.Dialect.TypeName(SqlType.Boolean))]
                : ImmutableArray<ColumnSchema>.Empty;
        return
        [
            .. history.Columns,
            .. plan.Columns.Where(column => Find(history.Columns, column.Name) is null),
            .. marked,
        ];
    }

    /// <summary>Rows whose beginning nothing says.</summary>
    public static string CountNeverUpdated(SnapshotPlan plan, RelationName input) =>
        $"select count(*) from {plan.Dialect.Quote(input)} where {plan.Name(plan.UpdatedAt ?? "")} is null";

    // keys that have no current version: new ones, and those that were gone and are back
    private static string Appeared(
        SnapshotPlan plan,
        RelationInfo history,
        string read,
        string old,
        string current,
        bool nullKeys
    )
    {
        var match = Match(plan, history, nullKeys);
        var unknown = $"not exists (select 1 from {current} as {RowAlias.Target} where {match})";
        var to = plan.Name(plan.Names.ValidTo);
        // a version cannot begin before the one before it has ended, whatever is done about deletes by now
        var ended =
            $"(select max({RowAlias.Target}.{to}) from {old} as {RowAlias.Target} where not {RowAlias.Target}.{plan.Name(plan.Names.IsCurrent)} and {match})";
        return $"""
            (select unknown.*, case when __strata_ended > __strata_base then __strata_ended else __strata_base end as {Start} from (
              select {Fresh}.*, {Base(
                plan,
                Fresh
            )} as __strata_base, {ended} as __strata_ended from {read} as {Fresh} where {unknown}
            ) as unknown) as {Fresh}
            """;
    }

    private static string New(
        SnapshotPlan plan,
        ImmutableArray<ColumnSchema> columns,
        string from,
        string deleted,
        string alias,
        RelationInfo? history = null
    )
    {
        var added = plan.Added.ToHashSet(StringComparer.OrdinalIgnoreCase);
        var read = history?.Columns ?? plan.Columns;
        var values = columns
            .Where(column => !added.Contains(column.Name))
            .Select(column =>
                Find(read, column.Name) is { } own
                    ? (column.Name, Sql: $"cast({alias}.{plan.Name(own.Name)} as {column.Type})")
                    : (column.Name, Sql: $"cast(null as {column.Type})")
            )
            .ToList();
        var start = $"{alias}.{Start}";
        var text = plan.Dialect.TypeName(SqlType.Text);
        var id = string.Join(
            " || ",
            plan.Key.Select(key => $"coalesce(cast({alias}.{plan.Name(key)} as {text}), '_null_') || '|'")
                .Append($"cast({start} as {text})")
        );
        var end = plan.Snapshot.ValidToCurrent ?? "null";
        foreach (var name in plan.Added)
        {
            var sql =
                name == plan.Names.ScdId ? $"md5({id})"
                : name == plan.Names.ValidFrom || name == plan.Names.UpdatedAt ? start
                : name == plan.Names.ValidTo ? $"cast({end}\n as {plan.StartType})"
                : name == plan.Names.IsCurrent ? "true"
                : deleted;
            values.Add((name, sql));
        }
        var order = columns.Select(column => values.First(value => Same(value.Name, column.Name)));
        return $"select {string.Join(", ", order.Select(value => $"{value.Sql} as {plan.Name(value.Name)}"))} from {from}";
    }

    private static string Ended(
        SnapshotPlan plan,
        ImmutableArray<ColumnSchema> columns,
        RelationInfo history,
        string from
    )
    {
        var values = columns.Select(column =>
        {
            var name = plan.Name(column.Name);
            var sql =
                Same(column.Name, plan.Names.ValidTo) ? $"cast({RowAlias.Target}.{Start} as {column.Type})"
                : Same(column.Name, plan.Names.IsCurrent) ? "false"
                : Find(history.Columns, column.Name) is null ? $"cast(null as {column.Type})"
                : $"{RowAlias.Target}.{name}";
            return $"{sql} as {name}";
        });
        return $"select {string.Join(", ", values)} from {from}";
    }

    /// <summary>A marker of a deleted row gives way to the row as soon as it is back.</summary>
    private static string Changed(SnapshotPlan plan, RelationInfo history)
    {
        var back = IsMarked(plan, history)
            ? $" or coalesce({RowAlias.Target}.{plan.Name(plan.Names.IsDeleted)}, false)"
            : "";
        if (plan.Snapshot.Strategy == SnapshotStrategy.Timestamp && plan.UpdatedAt is { } updated)
            return $"({IsLater(plan, history, updated)}{back})";
        var differ = plan
            .Columns.Where(column => plan.Compared.Contains(column.Name))
            .Select(column =>
            {
                if (Find(history.Columns, column.Name) is not { } old)
                    return $"null is distinct from {plan.Dialect.Comparable($"{Fresh}.{plan.Name(column.Name)}", column.Type)}";
                return plan.Dialect.Differ(
                    $"{RowAlias.Target}.{plan.Name(old.Name)}",
                    AsKept(plan, column, old),
                    old.Type
                );
            })
            .ToList();
        return $"({(differ.Count == 0 ? "false" : string.Join(" or ", differ))}{back})";
    }

    /// <summary>
    /// The row was changed after its current version was. When that was, the version's own column says: <c>valid_from</c> is later
    /// where the key was gone for a while.
    /// </summary>
    private static string IsLater(SnapshotPlan plan, RelationInfo history, string updated)
    {
        var began = $"{RowAlias.Target}.{plan.Name(plan.Names.ValidFrom)} < {Fresh}.{plan.Name(updated)}";
        if (Find(history.Columns, updated) is not { } kept)
            return began;
        var own = $"{RowAlias.Target}.{plan.Name(kept.Name)}";
        var fresh = AsKept(plan, Column(plan, updated), kept);
        // versions that are older than the column have none
        return $"case when {own} is null then {began} else {own} < {fresh} end";
    }

    /// <summary>
    /// A value as the history would keep it: what engines make of two types that meet (of a text and a number, a number or a
    /// failure) is another comparison.
    /// </summary>
    private static string AsKept(SnapshotPlan plan, ColumnSchema column, ColumnSchema kept)
    {
        var fresh = $"{Fresh}.{plan.Name(column.Name)}";
        return column.Type == kept.Type ? fresh : $"cast({fresh} as {kept.Type})";
    }

    private static ColumnSchema Column(SnapshotPlan plan, string name) =>
        plan.Columns.First(column => column.Name == name);

    /// <summary>When a row's version begins, as far as the row says.</summary>
    private static string Base(SnapshotPlan plan, string alias) =>
        plan.UpdatedAt is { } updated ? $"{alias}.{plan.Name(updated)}" : Now(plan);

    private static string Later(SnapshotPlan plan, string alias) => LaterThan(plan, Base(plan, alias));

    /// <summary>An instant, but never before the current version has been there for a moment.</summary>
    private static string LaterThan(SnapshotPlan plan, string instant)
    {
        var from = $"{RowAlias.Target}.{plan.Name(plan.Names.ValidFrom)}";
        return plan.Moment is { } moment
            ? $"cast(case when {instant} > {from} then {instant} else {from} + interval '{moment}' end as {plan.StartType})"
            : instant;
    }

    private static string Now(SnapshotPlan plan) =>
        $"cast(cast({plan.Dialect.QuoteString(plan.Now.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.ffffff'+00'", CultureInfo.InvariantCulture))} "
        + $"as {plan.Dialect.TypeName(SqlType.TimestampTz)}) as {plan.StartType})";

    /// <summary>
    /// Equal keys, nulls included, in a form that every engine can join by hash: where there are nulls, whether they
    /// are null and their text.
    /// </summary>
    private static string Match(SnapshotPlan plan, RelationInfo history, bool nullKeys)
    {
        var text = plan.Dialect.TypeName(SqlType.Text);
        return string.Join(
            " and ",
            plan.Key.Select(key =>
            {
                var kept = Find(history.Columns, key) ?? Column(plan, key);
                var (left, right) = (
                    AsKept(plan, Column(plan, key), kept),
                    $"{RowAlias.Target}.{plan.Name(key)}"
                );
                return nullKeys
                    ? $"({left} is null) = ({right} is null) and coalesce({Text(left)}, '') = coalesce({Text(right)}, '')"
                    : $"{left} = {right}";

                string Text(string value) => $"cast({plan.Dialect.Canonical(value, kept.Type)} as {text})";
            })
        );
    }

    private static bool IsMarked(SnapshotPlan plan, RelationInfo history) =>
        Find(history.Columns, plan.Names.IsDeleted) is not null
        && Find(plan.Columns, plan.Names.IsDeleted) is null;

    private static ColumnSchema? Find(ImmutableArray<ColumnSchema> columns, string name) =>
        columns.FirstOrDefault(column => Same(column.Name, name));

    private static bool Same(string left, string right) =>
        left.Equals(right, StringComparison.OrdinalIgnoreCase);
}
