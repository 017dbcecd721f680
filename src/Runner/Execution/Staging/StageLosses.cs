using System.Collections.Immutable;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;
using Strata.Compiler.Manifest.Models;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;
using Strata.Runner.Materializations;

namespace Strata.Runner.Execution.Staging;

/// <summary>
/// Refuses values that an engine would change silently to fit a column of another type: a fraction is rounded, an instant loses its
/// time of day. What an engine refuses itself, such as a number that is too large, is left to it.
/// </summary>
internal sealed class StageLosses(NodeStatements statements)
{
    /// <summary>Looks at the columns that have one type in the target and another in the batch; without such columns asks nothing.</summary>
    /// <exception cref="NodeFailedException">ST7023: a value would change.</exception>
    public async Task RefuseAsync(
        SessionPool.Lease lease,
        ConnectionRun on,
        RelationNode about,
        RelationInfo target,
        StagedRelation staged,
        OnSchemaChange mode,
        CancellationToken cancellationToken
    )
    {
        // there nothing is cast: another type is a failure
        if (mode == OnSchemaChange.Fail)
            return;
        // the rows that are there take the batch's type; else the batch takes theirs
        var castsTarget = mode == OnSchemaChange.SyncAllColumns;
        var (from, to) = castsTarget ? (target.Columns, staged.Columns) : (staged.Columns, target.Columns);
        var relation = castsTarget ? target.Name : staged.Physical;
        var suspects = Suspects(on.Dialect, from, to).ToImmutableArray();
        if (suspects.IsEmpty)
            return;
        var counts = suspects.Select(suspect =>
            $"count(*) filter (where {suspect.Changes}), min(cast({suspect.Name} as varchar)) filter (where {suspect.Changes})"
        );
        var sql = $"select {string.Join(",\n    ", counts)}\nfrom {on.Dialect.Quote(relation)}";
        var hint = TypeRemedy.Hint(about, castsTarget);
        var statement = new ModelStatement(sql) { DataHint = hint };
        var row = (await statements.QueryAsync(lease, about, statement, 1, cancellationToken)).Rows[0];
        ImmutableArray<string> found =
        [
            .. suspects
                .Select((suspect, i) => suspect.Words(RowSet.Long(row[2 * i]), row[2 * i + 1]))
                .OfType<string>(),
        ];
        if (!found.IsEmpty)
            throw new NodeFailedException(
                TableDiagnostics.ValuesWouldChange(about.Declaration, about.Name, castsTarget, found, hint)
            );
    }

    private static IEnumerable<Suspect> Suspects(
        SqlDialect dialect,
        ImmutableArray<ColumnSchema> from,
        ImmutableArray<ColumnSchema> to
    )
    {
        foreach (var column in from)
        {
            var there = to.Find(column.Name);
            if (there is null || there.Type == column.Type)
                continue;
            var name = dialect.QuoteIdentifier(column.Name);
            if (LossyCasts.Condition(dialect, name, column.Type, there.Type) is { } changes)
                yield return new Suspect(column, there.Type, name, changes);
        }
    }

    /// <param name="Name">Quoted.</param>
    /// <param name="Changes">A condition on a row.</param>
    private sealed record Suspect(ColumnSchema Column, string To, string Name, string Changes)
    {
        public string? Words(long rows, object? sample) =>
            rows == 0
                ? null
                : $"column '{Column.Name}' ({Column.Type}) becomes {To}: {rows} {(rows == 1 ? "row" : "rows")} would change, such as {sample}";
    }
}
