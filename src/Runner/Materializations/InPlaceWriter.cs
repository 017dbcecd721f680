using System.Collections.Immutable;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;

namespace Strata.Runner.Materializations;

/// <summary>
/// Publishes a whole table by changing only the rows that differ from the stage: readers keep the table they
/// have a lock, a grant or a view on, and nothing is written for rows that are as they were (see
/// docs/adr/0002-in-place-publish.md).
/// </summary>
public static class InPlaceWriter
{
    public static PublishScript Write(SqlDialect dialect, StagedRelation staged)
    {
        if (staged.Existing is not { Kind: RelationKind.Table } existing)
            return Create(dialect, staged);
        var changes = ColumnSteps(dialect, staged, existing, out var inPlace);
        var keyed =
            staged is { Key.IsEmpty: false, IsKeyUnique: true, SameDefinition: true } && changes.IsEmpty;
        return new PublishScript(
            keyed ? "in place, by key" : "in place, by row",
            [.. changes, .. keyed ? ByKey(dialect, staged) : ByRow(dialect, staged)]
        )
        {
            Rule = RowRule.Replace,
            ChangesColumnsInPlace = inPlace,
            CountsChanges = changes.IsEmpty,
        };
    }

    private static PublishScript Create(SqlDialect dialect, StagedRelation staged) =>
        new(
            "new table",
            [
                new PublishStep(
                    $"create table {dialect.Quote(staged.Published)} as select * from {dialect.Quote(staged.Physical)}",
                    RowEffect.Inserted
                ),
                .. KeyIndex(dialect, staged),
            ]
        )
        {
            Rule = RowRule.Replace,
            DropFirst = staged.Existing is { } other ? [Ddl.Drop(dialect, other)] : [],
        };

    private static IEnumerable<PublishStep> KeyIndex(SqlDialect dialect, StagedRelation staged)
    {
        if (!staged.IsLookedUp || staged.Key.IsEmpty)
            yield break;
        var name = Identifiers.Fit(staged.Published.Name + "_strata_key", dialect.MaxIdentifierBytes);
        yield return new PublishStep(
            $"create index {dialect.QuoteIdentifier(name)} on {dialect.Quote(staged.Published)} "
                + $"({Ddl.Columns(dialect, staged.Key)})"
        );
    }

    /// <summary>Every value is about to be replaced, so a column that changes its type can start from null.</summary>
    private static ImmutableArray<PublishStep> ColumnSteps(
        SqlDialect dialect,
        StagedRelation staged,
        RelationInfo existing,
        out bool inPlace
    )
    {
        var alter = $"alter table {dialect.Quote(staged.Published)} ";
        var steps = ImmutableArray.CreateBuilder<PublishStep>();
        inPlace = false;
        foreach (var old in existing.Columns)
        {
            var name = dialect.QuoteIdentifier(old.Name);
            var now = staged.Columns.FirstOrDefault(column => column.Name == old.Name);
            if (now is null)
                steps.Add(new PublishStep($"{alter}drop column {name}"));
            else if (now.Type != old.Type)
                steps.Add(
                    new PublishStep(
                        $"{alter}alter column {name} type {now.Type} using cast(null as {now.Type})"
                    )
                );
            inPlace |= now is null || now.Type != old.Type;
        }
        foreach (var column in staged.Columns.Where(c => existing.Columns.All(old => old.Name != c.Name)))
            steps.Add(
                new PublishStep($"{alter}add column {dialect.QuoteIdentifier(column.Name)} {column.Type}")
            );
        return steps.ToImmutable();
    }

    // a null never equals here: such rows are deleted and inserted again, which is right, if not the least
    private static IEnumerable<PublishStep> ByKey(SqlDialect dialect, StagedRelation staged)
    {
        var target = dialect.Quote(staged.Published);
        var stage = dialect.Quote(staged.Physical);
        var match = string.Join(
            " and ",
            staged.Key.Select(key =>
                $"target.{dialect.QuoteIdentifier(key)} = batch.{dialect.QuoteIdentifier(key)}"
            )
        );
        var columns = Ddl.Columns(dialect, staged.Columns.Select(column => column.Name));
        yield return new PublishStep(
            $"delete from {target} as target where not exists (select 1 from {stage} as batch where {match})",
            RowEffect.Deleted
        );
        var others = staged.Columns.Where(column => !staged.Key.Contains(column.Name)).ToImmutableArray();
        if (RowChanges.Differ(dialect, others, staged.Volatile) is { } differ)
        {
            yield return new PublishStep(
                $"""
                update {target} as target set {RowChanges.Assign(dialect, others)}
                from {stage} as batch where {match} and ({differ})
                """,
                RowEffect.Updated
            );
        }
        yield return new PublishStep(
            $"""
            insert into {target} ({columns}) select {columns} from {stage} as batch
            where not exists (select 1 from {target} as target where {match})
            """,
            RowEffect.Inserted
        );
    }

    /// <summary>
    /// Without a key a table is a bag of rows: those that the stage has fewer of are deleted, those that it has
    /// more of are inserted. Rows are numbered within their equals to tell them apart.
    /// </summary>
    private static IEnumerable<PublishStep> ByRow(SqlDialect dialect, StagedRelation staged)
    {
        var target = dialect.Quote(staged.Published);
        var compared = staged
            .Columns.Where(column => !staged.Volatile.Contains(column.Name))
            .ToImmutableArray();
        if (compared.IsEmpty)
            compared = staged.Columns;
        var row = $"row({Ddl.Columns(dialect, compared.Select(column => column.Name))})";
        var print = $"md5(cast({row} as {dialect.TypeName(SqlType.Text)}))";
        var columns = Ddl.Columns(dialect, staged.Columns.Select(column => column.Name));

        string Numbered(string relation, string more) =>
            $"select {more}, {print} as print, row_number() over (partition by {print}) as place from {relation}";

        var stage = Numbered(dialect.Quote(staged.Physical), columns);
        yield return new PublishStep(
            $"""
            delete from {target} where {dialect.RowAddress} in (
              select target.address
              from ({Numbered(target, $"{dialect.RowAddress} as address")}) as target
              left join ({stage}) as batch on batch.print = target.print and batch.place = target.place
              where batch.print is null
            )
            """,
            RowEffect.Deleted
        );
        yield return new PublishStep(
            $"""
            insert into {target} ({columns})
            select {Ddl.Columns(dialect, staged.Columns.Select(column => column.Name), "batch.")}
            from ({stage}) as batch
            left join ({Numbered(target, $"{dialect.RowAddress} as address")}) as target
              on batch.print = target.print and batch.place = target.place
            where target.print is null
            """,
            RowEffect.Inserted
        );
    }
}
