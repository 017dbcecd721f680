using System.Collections.Immutable;
using Strata.Compiler.Manifest.Models;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;
using Strata.Runner.Execution.Staging;
using Strata.Runner.Materializations;

namespace Strata.Runner.Versions;

/// <summary>
/// How a publish keeps what it replaces, at a cost that follows what it changes: a table that makes way is renamed,
/// not copied; of a table that is changed in place the changed rows are written down. Only a table whose columns
/// change is copied.
/// </summary>
/// <param name="Kind">What leads back; null keeps nothing.</param>
/// <param name="KeepBefore">Statements that run before anything of the transaction is changed.</param>
/// <param name="Script">The publish, with what it takes to keep the old version.</param>
internal sealed record KeepPlan(
    KeptKind? Kind,
    RelationName? Table,
    string? Definition,
    ImmutableArray<string> KeepBefore,
    PublishScript Script
)
{
    /// <summary>See <see cref="KeptVersion.Quarantine"/>.</summary>
    public string? Quarantine { get; init; }

    /// <summary>A quarantine is small, and the ways in which a publish changes it are many: it is copied.</summary>
    public KeepPlan WithQuarantine(SqlDialect dialect, StagedNode node, (string RunId, long BatchId) publish)
    {
        if (Kind is null || node.Quarantine is not { } quarantine)
            return this;
        if (!quarantine.Exists)
            return this with { Quarantine = KeptVersion.NoQuarantine };
        var copy = KeptTables.Apart(quarantine.Table, publish.RunId, publish.BatchId, dialect);
        return this with
        {
            Quarantine = copy.Name,
            KeepBefore =
            [
                .. KeepBefore,
                $"create table {dialect.Quote(copy)} as select * from {dialect.Quote(quarantine.Table)}",
            ],
        };
    }

    /// <summary>
    /// Of changed rows: how many the first statement writes for a row that is updated, beside one for each that comes or goes. Null where
    /// it is known only afterwards.
    /// </summary>
    public int? RowsPerUpdate { get; init; }

    /// <summary>What is kept of the node's hidden tables.</summary>
    public ImmutableArray<KeptPart> Parts { get; init; } = [];

    /// <summary>Statements that run once the hidden tables are what they will be.</summary>
    public ImmutableArray<string> KeepAfter { get; init; } = [];

    public KeepPlan WithStates(SqlDialect dialect, StagedNode node, (string RunId, long BatchId) publish)
    {
        if (Kind is null || node.States.IsEmpty)
            return this;
        var parts = Parts.ToBuilder();
        var (first, last) = (KeepBefore.ToBuilder(), KeepAfter.ToBuilder());
        foreach (var state in node.States)
        {
            if (state.Kind == KeptKind.Absent)
            {
                parts.Add(new KeptPart(state.Relation, KeptKind.Absent, null));
                continue;
            }
            var copy = KeptTables.Apart(state.Relation, publish.RunId, publish.BatchId, dialect);
            parts.Add(new KeptPart(state.Relation, state.Kind, copy));
            if (state.Touched is not { } touched)
            {
                first.Add(
                    $"create table {dialect.Quote(copy)} as select * from {dialect.Quote(state.Relation)}"
                );
                continue;
            }
            first.Add($"create table {dialect.Quote(copy)} as {Marked("delete")}");
            last.Add($"insert into {dialect.Quote(copy)} {Marked("insert")}");

            string Marked(string change) =>
                $"select *, cast('{change}' as {dialect.TypeName(SqlType.Text)}) as {KeptTables.ChangeColumn} "
                + $"from (\n{touched}\n) as touched";
        }
        return this with
        {
            Parts = parts.ToImmutable(),
            KeepBefore = first.ToImmutable(),
            KeepAfter = last.ToImmutable(),
        };
    }

    /// <summary>See <see cref="KeptVersion.Identity"/>.</summary>
    public ImmutableArray<string> Identity { get; init; } = [];

    public static KeepPlan Nothing(PublishScript script) => new(null, null, null, [], script);

    /// <param name="identityMatters">See <see cref="AdapterCapabilities.RelationIdentityMatters"/>.</param>
    /// <param name="definition">Of the view that is published now, where it is known.</param>
    /// <param name="next">Of the view that is about to be published.</param>
    /// <param name="hasStart">The same run has published the node before, and what was there before that is kept as a whole.</param>
    public static KeepPlan Create(
        SqlDialect dialect,
        bool identityMatters,
        StagedNode node,
        PublishScript script,
        (string RunId, long BatchId) publish,
        string? definition,
        string? next,
        bool hasStart
    )
    {
        // a run is gone back behind as a whole, so what it changes after its beginning leads nowhere
        if (hasStart)
            return new KeepPlan(KeptKind.Changes, null, null, [], script);
        var relation = node.Relation.Published;
        switch (node.Relation.Existing)
        {
            case null:
                return new KeepPlan(KeptKind.Absent, null, null, [], script);
            case { Kind: RelationKind.View } when node.IsView && definition == next:
                return new KeepPlan(KeptKind.Same, null, null, [], script);
            case { Kind: RelationKind.View } when definition is not null:
                return new KeepPlan(KeptKind.View, null, definition, [], script);
            case { Kind: RelationKind.Table } existing:
                break;
            default:
                // nobody knows how to make that again
                return Nothing(script);
        }
        if (script.IsUnchanged)
            return new KeepPlan(KeptKind.Same, null, null, [], script);
        var table = node.Relation.Existing;
        var drop = Ddl.Drop(dialect, table);
        var apart = KeptTables.Apart(relation, publish.RunId, publish.BatchId, dialect);
        if (script.DropBefore.Contains(drop))
        {
            if (identityMatters)
                return Copy();
            var beside = KeptTables.Beside(relation, publish.RunId, publish.BatchId, dialect);
            var rename =
                $"alter table {dialect.Quote(relation)} rename to {dialect.QuoteIdentifier(beside.Name)}";
            return new KeepPlan(
                KeptKind.Whole,
                beside,
                null,
                [],
                script with
                {
                    DropBefore = [.. script.DropBefore.Select(sql => sql == drop ? rename : sql)],
                }
            );
        }
        if (!script.CountsChanges || (node.Batch is null && !identityMatters))
            return Copy();
        if (node.Batch is { } batch)
        {
            var undo = BatchUndo.Of(dialect, batch, node.Feed?.Changes);
            var changes = $"create table {dialect.Quote(apart)} as\n{undo.Query}";
            return new KeepPlan(KeptKind.Changes, apart, null, [changes], script)
            {
                Identity = undo.Identity,
                // as it was; and as it came, where no identity leads to it. Of equal rows a microbatch takes away all and puts
                // back those that stay, of which nothing is kept
                RowsPerUpdate =
                    batch.Strategy == IncrementalStrategy.Microbatch ? null
                    : undo.Identity.IsEmpty ? 2
                    : 1,
            };
        }
        var columns = table.Columns;
        return new KeepPlan(
            KeptKind.Changes,
            apart,
            null,
            [ReturningCapture.Create(dialect, apart, relation, columns)],
            script with
            {
                Steps =
                [
                    .. script.Steps.SelectMany(step =>
                        ReturningCapture.Wrap(dialect, step, apart, relation, columns)
                    ),
                ],
            }
        );

        KeepPlan Copy() =>
            new(
                KeptKind.Whole,
                apart,
                null,
                [$"create table {dialect.Quote(apart)} as select * from {dialect.Quote(relation)}"],
                script
            );
    }
}
