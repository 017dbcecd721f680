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
    public static PublishScript Write(SqlDialect dialect, StagedRelation staged, TableWriter writer)
    {
        var existing =
            staged.Existing ?? throw new InvalidOperationException("there is nothing to be changed in place");
        var changes = ColumnSteps(dialect, staged, existing, out var inPlace);
        // a column that refuses nulls changes its type while the table is empty; else rows leave later: what refers to them would be pending
        var isEmptied = existing.Columns.Any(old =>
            !old.Nullable && staged.Columns.Any(now => now.Name == old.Name && now.Type != old.Type)
        );
        if (isEmptied)
            writer = TableWriter.Rewrite;
        return new PublishScript([
            .. isEmptied ? [Empty(dialect, staged)] : ImmutableArray<PublishStep>.Empty,
            .. changes,
            .. writer switch
            {
                TableWriter.AsItIs => [],
                TableWriter.ByKey when staged.Places is { } places => ByKey(dialect, staged, places),
                TableWriter.ByKey => ByKey(dialect, staged),
                TableWriter.ByRow when staged.Places is { } places => Bag(dialect, staged).Steps(places),
                TableWriter.ByRow => Bag(dialect, staged).Steps(),
                TableWriter.Rewrite when isEmptied => [Fill(dialect, staged)],
                TableWriter.Rewrite => [Empty(dialect, staged), Fill(dialect, staged)],
                _ => throw new ArgumentOutOfRangeException(nameof(writer)),
            },
        ])
        {
            Rule = RowRule.Replace,
            IsUnchanged = writer == TableWriter.AsItIs,
            ChangesColumnsInPlace = inPlace,
            CountsChanges = changes.IsEmpty && writer != TableWriter.Rewrite,
        };
    }

    private static PublishStep Empty(SqlDialect dialect, StagedRelation staged) =>
        new($"delete from {dialect.Quote(staged.Published)}", RowEffect.Deleted);

    private static PublishStep Fill(SqlDialect dialect, StagedRelation staged)
    {
        var columns = Ddl.Columns(dialect, staged.Columns.Select(column => column.Name));
        return new PublishStep(
            $"insert into {dialect.Quote(staged.Published)} ({columns}) select {columns} from {dialect.Quote(staged.Physical)}",
            RowEffect.Inserted
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

    // a null never equals here: the stage has none in its key, and rows of the table that have one go
    private static IEnumerable<PublishStep> ByKey(SqlDialect dialect, StagedRelation staged)
    {
        var target = dialect.Quote(staged.Published);
        var stage = dialect.Quote(staged.Physical);
        var match = Match(dialect, staged);
        var columns = Ddl.Columns(dialect, staged.Columns.Select(column => column.Name));
        yield return new PublishStep(
            $"delete from {target} as {RowAlias.Target} where not exists (select 1 from {stage} as {RowAlias.Batch} where {match})",
            RowEffect.Deleted
        );
        var others = Others(staged);
        if (RowChanges.Differ(dialect, others, staged.Volatile) is { } differ)
        {
            yield return new PublishStep(
                $"""
                update {target} as {RowAlias.Target} set {RowChanges.Assign(dialect, others)}
                from {stage} as {RowAlias.Batch} where {match} and ({differ})
                """,
                RowEffect.Updated,
                $"from {target} as {RowAlias.Target} join {stage} as {RowAlias.Batch} on {match} where {differ}"
            );
        }
        yield return new PublishStep(
            $"""
            insert into {target} ({columns}) select {columns} from {stage} as {RowAlias.Batch}
            where not exists (select 1 from {target} as {RowAlias.Target} where {match})
            """,
            RowEffect.Inserted
        );
    }

    /// <summary>The same where it is known which rows differ: they are fetched by their addresses, and none is looked for.</summary>
    /// <param name="places">The table of <see cref="TableComparison.Places"/>.</param>
    private static IEnumerable<PublishStep> ByKey(
        SqlDialect dialect,
        StagedRelation staged,
        RelationName places
    )
    {
        const string gone = $"places.{TableComparison.Gone}";
        const string come = $"places.{TableComparison.Come}";
        var target = dialect.Quote(staged.Published);
        var address = dialect.RowAddress;
        var found = $"{dialect.Quote(places)} as places";
        var batch =
            $"{dialect.Quote(staged.Physical)} as {RowAlias.Batch} on {RowAlias.Batch}.{address} = {come}";
        ImmutableArray<string> names = [.. staged.Columns.Select(column => column.Name)];
        var hasItsKey = TableComparison.HasItsKey(dialect, staged);
        yield return new PublishStep(
            $"""
            delete from {target} as {RowAlias.Target} using {found}
            where {come} is null and {RowAlias.Target}.{address} = {gone} and {hasItsKey}
            """,
            RowEffect.Deleted
        );
        if (Others(staged) is { IsEmpty: false } others)
        {
            yield return new PublishStep(
                $"""
                update {target} as {RowAlias.Target} set {RowChanges.Assign(dialect, others)}
                from {found} join {batch} where {RowAlias.Target}.{address} = {gone} and {hasItsKey}
                """,
                RowEffect.Updated,
                $"from {found} join {batch} join {target} as {RowAlias.Target} on {RowAlias.Target}.{address} = {gone} and {hasItsKey}"
            );
        }
        yield return new PublishStep(
            $"""
            insert into {target} ({Ddl.Columns(dialect, names)}) select {Ddl.Columns(
                dialect,
                names,
                $"{RowAlias.Batch}."
            )}
            from {found} join {batch} where {gone} is null
            """,
            RowEffect.Inserted
        );
    }

    /// <summary>True for two rows of one key.</summary>
    internal static string Match(SqlDialect dialect, StagedRelation staged) =>
        string.Join(
            " and ",
            staged.Key.Select(key =>
                $"{RowAlias.Target}.{dialect.QuoteIdentifier(key)} = {RowAlias.Batch}.{dialect.QuoteIdentifier(key)}"
            )
        );

    /// <summary>The columns besides the key.</summary>
    internal static ImmutableArray<ColumnSchema> Others(StagedRelation staged) =>
        [.. staged.Columns.Where(column => !staged.Key.Contains(column.Name))];

    /// <summary>Without a key a table is a bag of rows.</summary>
    internal static RowBag Bag(SqlDialect dialect, StagedRelation staged) =>
        new(
            dialect,
            dialect.Quote(staged.Published),
            null,
            dialect.Quote(staged.Physical),
            staged.Columns,
            staged.Volatile
        );
}
