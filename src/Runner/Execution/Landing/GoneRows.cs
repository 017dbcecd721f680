using System.Collections.Immutable;
using Strata.Compiler.Analysis.Rows;
using Strata.Compiler.Manifest;
using Strata.Compiler.Manifest.Models;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;
using Strata.Runner.Files;
using Strata.Runner.Materializations;
using Strata.Runner.Quarantine;
using Strata.Runner.State.Rejected;
using Strata.Runner.State.Tables;

namespace Strata.Runner.Execution.Landing;

/// <summary>How many rows there are of files that are gone: of the model, of its quarantine, and of what could not be taken in.</summary>
internal sealed class GoneRows(ProjectManifest manifest, NodeStatements statements)
{
    /// <summary>Of rows in quarantine that nothing has been done about.</summary>
    public static readonly string IsOpen = $"{QuarantineTable.Status} = '{RowStatus.Open}'";

    /// <param name="within">Which rows of the model count; null for all.</param>
    /// <param name="holder">As whose the files are noted.</param>
    /// <param name="noted">The paths of all files that are.</param>
    /// <returns>Null where it cannot be told.</returns>
    public async Task<long?> CountAsync(
        SessionPool.Lease lease,
        ConnectionRun on,
        ModelNode model,
        RelationInfo table,
        RebuiltRows? within,
        string holder,
        IReadOnlySet<string> noted,
        GonePaths gone,
        CancellationToken cancellationToken
    )
    {
        if (FileColumn(table) is null)
            return within is not null && await IsEmptyAsync(within.Condition) ? 0 : null;
        if (within is not null)
            return await CountOfSomeAsync(lease, on, model, table, within, noted, gone, cancellationToken);
        var paths = on.Names.Gone(model.Relation);
        await RunAsync(
            $"create temporary table {on.Dialect.Quote(paths)} (path {on.Dialect.TypeName(SqlType.Text)})"
        );
        try
        {
            foreach (var some in gone.Paths.Keys.Chunk(StateStatements.RowsPerStatement))
                await RunAsync(
                    StateStatements.Insert(
                        on.Dialect,
                        paths,
                        some.Select(path => StateStatements.Row(on.Dialect, path))
                    )
                );
            var (rows, unknown) = await CountAsync(table, null);
            if (on.Find(QuarantineTable.Of(model.Relation, on.Dialect)) is { } quarantine)
                rows += (await CountAsync(quarantine, IsOpen)).Rows;
            rows += await ScalarAsync(
                $"select count(*) from {on.Dialect.Quote(RejectedTable.Name)} "
                    + $"where consumer = {on.Dialect.QuoteString(holder)} and line is not null and path in {Paths()}"
            );
            // a row that another file has written over, or that does not say where it is from, may be of them, too
            if (rows > 0)
                return rows;
            return unknown > 0 || !AreOfOneFile(model) || await AreOfOthersAsync() ? null : 0;
        }
        finally
        {
            await RunAsync($"drop table {on.Dialect.Quote(paths)}");
        }

        async Task<bool> IsEmptyAsync(string condition) =>
            (
                await statements.QueryAsync(
                    lease,
                    model,
                    $"select 1 from {on.Dialect.Quote(table.Name)} where {condition} limit 1",
                    1,
                    cancellationToken
                )
            )
                .Rows
                .IsEmpty;

        async Task<bool> AreOfOthersAsync() =>
            FileColumn(table) is { } column
            && (await CountByFileAsync(lease, on, model, table, column, null, cancellationToken)).Any(file =>
                file.Path is { } path && !noted.Contains(path)
            );

        string Paths() => $"(select path from {on.Dialect.Quote(paths)})";

        Task RunAsync(string sql) =>
            statements.RunAsync(lease, model, new ModelStatement(sql), cancellationToken);

        async Task<long> ScalarAsync(string sql) =>
            (await statements.QueryAsync(lease, model, sql, 1, cancellationToken)).ScalarLong;

        async Task<(long Rows, long Unknown)> CountAsync(RelationInfo relation, string? where)
        {
            if (FileColumn(relation) is not { } column)
                return (0, 0);
            var file = AsText(on, column);
            var counts = await statements.QueryAsync(
                lease,
                model,
                $"select count(case when file in {Paths()} then 1 end), count(*) - count(file) "
                    + $"from (select {file} as file from {on.Dialect.Quote(relation.Name)}{(where is null ? "" : $" where {where}")}) as counted",
                1,
                cancellationToken
            );
            return (counts.LongAt(0), counts.LongAt(1));
        }
    }

    /// <summary>
    /// Of the rows in some periods. The engine is asked of which files they are, which are few, and not of files that are gone, which
    /// become more and more where a landing zone is emptied.
    /// </summary>
    private async Task<long?> CountOfSomeAsync(
        SessionPool.Lease lease,
        ConnectionRun on,
        ModelNode model,
        RelationInfo table,
        RebuiltRows within,
        IReadOnlySet<string> noted,
        GonePaths gone,
        CancellationToken cancellationToken
    )
    {
        var published = await CountAsync(table, within.Condition);
        var rows = await OfAsync(table, published, "");
        if (on.Find(QuarantineTable.Of(model.Relation, on.Dialect)) is { } quarantine)
        {
            var open = $"{IsOpen} and ";
            rows += await OfAsync(quarantine, await CountAsync(quarantine, open + within.Condition), open);
        }
        if (rows > 0)
            return rows;
        return
            published.Any(file => file.Path is not { } path || !noted.Contains(path)) || !AreOfOneFile(model)
            ? null
            : 0;

        async Task<List<(string? Path, long Rows)>> CountAsync(RelationInfo relation, string where) =>
            FileColumn(relation) is { } column
                ? await CountByFileAsync(lease, on, model, relation, column, where, cancellationToken)
                : [];

        async Task<long> OfAsync(RelationInfo relation, List<(string? Path, long Rows)> files, string open)
        {
            var counted = Of(
                files,
                path => gone.Paths.TryGetValue(path, out var span) && span == GonePaths.Span.Always
            );
            var some = files
                .Select(file => file.Path ?? "")
                .Where(gone.Paths.ContainsKey)
                .ToLookup(path => gone.Paths[path]);
            foreach (var same in some.Where(same => same.Key != GonePaths.Span.Always))
            {
                if (within.BuiltIn(same.Key) is { } then)
                    counted += Of(await CountAsync(relation, open + then), same.Contains);
            }
            return counted;
        }

        static long Of(List<(string? Path, long Rows)> files, Func<string, bool> counts) =>
            files.Where(file => file.Path is { } path && counts(path)).Sum(file => file.Rows);
    }

    private async Task<List<(string? Path, long Rows)>> CountByFileAsync(
        SessionPool.Lease lease,
        ConnectionRun on,
        ModelNode model,
        RelationInfo relation,
        string column,
        string? where,
        CancellationToken cancellationToken
    )
    {
        var counts = await statements.QueryAsync(
            lease,
            model,
            $"select file, count(*) from (select {AsText(on, column)} as file from {on.Dialect.Quote(relation.Name)}"
                + $"{(where is null ? "" : $" where {where}")}) as counted group by file",
            int.MaxValue,
            cancellationToken
        );
        return [.. counts.Rows.Select(row => (row[0] as string, RowSet.Long(row[1])))];
    }

    /// <summary>Where the model says of its rows which file they are of.</summary>
    public static string? FileColumn(RelationInfo relation) =>
        IncrementalBatch.FileColumnOf(relation.Columns)?.Name;

    /// <summary>An expression.</summary>
    public static string AsText(ConnectionRun on, string column) =>
        $"cast({on.Dialect.QuoteIdentifier(column)} as {on.Dialect.TypeName(SqlType.Text)})";

    private bool AreOfOneFile(ModelNode model) => AreOfOneFile(manifest, model);

    /// <summary>
    /// Whether every row of a model is of the file that it names. What merges may have a row of a file under the path of another one, and so has
    /// what joins files or adds them up.
    /// </summary>
    public static bool AreOfOneFile(ProjectManifest manifest, ModelNode model) =>
        model.Config
            is {
                Materialized: Materialization.Incremental,
                Strategy: IncrementalStrategy.Append or IncrementalStrategy.Microbatch
            }
        && FilesOfRows.Of(model, manifest.Nodes.GetValueOrDefault).TellTheirFile;
}
