using System.Collections.Immutable;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;
using Strata.Runner.Materializations;
using Strata.Runner.Planning;
using Strata.Runner.State;

namespace Strata.Runner.Execution.Staging;

/// <summary>Drops stages: those of runs that died before a run begins, and its own at the end.</summary>
internal static class StageCleaner
{
    public static bool HasLeftOvers(EngineSnapshot snapshot) =>
        !snapshot.StageSchemas.IsEmpty || LeftTables(snapshot).Any();

    /// <summary>Under the run lock every stage that is there belongs to a dead run.</summary>
    public static async Task DropLeftOversAsync(
        IStatements session,
        SqlDialect dialect,
        EngineSnapshot snapshot,
        CancellationToken cancellationToken
    )
    {
        foreach (var schema in snapshot.StageSchemas)
            await session.ExecuteAsync(Ddl.DropSchema(dialect, schema), cancellationToken);
        foreach (var relation in LeftTables(snapshot))
            await session.ExecuteAsync(Ddl.Drop(dialect, relation), cancellationToken);
    }

    /// <summary>
    /// Drops what this run has staged; what was renamed into place is no longer there under that name. Also the schema
    /// that a dead run had asked a server for, and which was made after this one had looked: under the lock only, for without
    /// it the stages of another run may be a living one's.
    /// </summary>
    public static async Task DropOwnAsync(ConnectionRun on, CancellationToken cancellationToken)
    {
        var own = on.StageSchemas.ToHashSet(StringComparer.Ordinal);
        if (own.Count == 0)
            return;
        var late = await DropStagesAsync(on, own, cancellationToken);
        if (late.IsEmpty)
            return;
        await on.InTransactionAsync(
            async session =>
            {
                foreach (var schema in late)
                    await session.ExecuteAsync(Ddl.DropSchema(on.Dialect, schema), cancellationToken);
            },
            cancellationToken
        );
    }

    /// <returns>The schemas of dead runs that have come up since this one began.</returns>
    private static async Task<ImmutableArray<string>> DropStagesAsync(
        ConnectionRun on,
        HashSet<string> own,
        CancellationToken cancellationToken
    )
    {
        await using var lease = await on.Sessions.RentAsync(cancellationToken);
        foreach (var schema in own)
            await lease.Session.ExecuteAsync(Ddl.DropSchema(on.Dialect, schema), cancellationToken);
        foreach (var stage in on.InMemory)
            await on.DropInMemoryAsync(lease.Session, stage);
        foreach (var sibling in on.UnpublishedSiblings())
            await lease.Session.ExecuteAsync(Ddl.DropTable(on.Dialect, sibling), cancellationToken);
        if (on.Lock is null or { Lost.IsCancellationRequested: true })
            return [];
        var schemas = await lease.Session.ListSchemasAsync(cancellationToken);
        return [.. schemas.Where(schema => RunId.IsStageName(schema) && !own.Contains(schema))];
    }

    private static IEnumerable<RelationInfo> LeftTables(EngineSnapshot snapshot) =>
        snapshot.Relations.Values.Where(relation => RunId.IsStageName(relation.Name.Name));
}
