using System.Collections.Immutable;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;
using Strata.Compiler.Sql;
using Strata.Compiler.Text.Csv;
using Strata.Runner.Adapters;
using Strata.Runner.Execution;
using Strata.Runner.Materializations;

namespace Strata.Runner.Quarantine.Replaying;

/// <summary>A copy of the quarantined rows that a replay is about, with the values of a corrections file put in.</summary>
internal sealed class CorrectedRows(NodeStatements statements)
{
    private const int RowsPerStatement = 500;

    /// <param name="known">The quarantine table.</param>
    /// <param name="statuses">Which rows are copied; only open ones are filtered.</param>
    public async Task<RelationName> StageAsync(
        SessionPool.Lease lease,
        ConnectionRun on,
        RelationNode node,
        RelationInfo? known,
        ReplayRequest replay,
        ImmutableArray<string> statuses,
        CancellationToken cancellationToken
    )
    {
        if (known is null)
            throw new NodeFailedException(QuarantineDiagnostics.NothingQuarantined(node.Name, on.Name));
        var dialect = on.Dialect;
        var copy = on.Names.Corrected(node.Relation);
        var create = StageScripts.CreateTable(dialect, on.Capabilities, copy);
        var list = string.Join(", ", statuses.Select(dialect.QuoteString));
        await Run(
            $"""
            {create} as select * from {dialect.Quote(known.Name)} where {QuarantineTable.Status} in ({list})
              and ({QuarantineTable.Status} <> '{RowStatus.Open}' or ({replay.Filter.ToSql(dialect)}))
            """
        );
        if (replay.Corrections is not { } corrections)
            return copy;
        var columns = Resolve(node, known, corrections);
        await new CorrectionValues(lease, dialect, corrections).CheckAsync(columns, cancellationToken);
        foreach (var some in corrections.Rows.Chunk(RowsPerStatement))
        {
            var values = ValuesOf(dialect, some);
            var unknown = await statements.QueryAsync(
                lease,
                node,
                $"select __strata_value_row.id from {values} as __strata_value_row({Numbered(columns.Length)}) where not exists ("
                    + $"select 1 from {dialect.Quote(copy)} as __strata_copy_row where __strata_copy_row.{QuarantineTable.Id} = __strata_value_row.id "
                    + $"and __strata_copy_row.{QuarantineTable.Status} = '{RowStatus.Open}')",
                1,
                cancellationToken
            );
            if (unknown.Scalar is { } id)
                throw new NodeFailedException(
                    QuarantineDiagnostics.UnknownRow(corrections.File, $"{id}", node.Name)
                );
            var set = columns.Select(
                (column, i) =>
                    $"{dialect.QuoteIdentifier(column.Name)} = cast(__strata_value_row.c{i} as {column.Type})"
            );
            await Run(
                $"update {dialect.Quote(copy)} as __strata_copy_row set {string.Join(", ", set)} "
                    + $"from {values} as __strata_value_row({Numbered(columns.Length)}) where __strata_copy_row.{QuarantineTable.Id} = __strata_value_row.id"
            );
        }
        return copy;

        Task Run(string sql) => statements.RunAsync(lease, node, new ModelStatement(sql), cancellationToken);
    }

    private static ImmutableArray<ColumnSchema> Resolve(
        RelationNode node,
        RelationInfo known,
        Corrections corrections
    )
    {
        var own = known.Columns.Where(column => !QuarantineTable.IsOwn(column.Name)).ToImmutableArray();
        return
        [
            .. corrections.Columns.Select(name =>
                own.Find(name)
                ?? throw new NodeFailedException(
                    QuarantineDiagnostics.UnknownColumn(
                        corrections.File,
                        name,
                        node.Name,
                        own.Select(column => column.Name)
                    )
                )
            ),
        ];
    }

    private static string ValuesOf(
        SqlDialect dialect,
        IEnumerable<(string Id, ImmutableArray<CsvField> Values)> rows
    )
    {
        var text = dialect.TypeName(SqlType.Text);
        var lines = rows.Select(row =>
            $"({string.Join(", ", row.Values.Select(field => field.Value).Prepend(row.Id).Select(Value))})"
        );
        return $"(values {string.Join(", ", lines)})";

        string Value(string? value) =>
            $"cast({(value is null ? "null" : dialect.QuoteString(value))} as {text})";
    }

    private static string Numbered(int columns) =>
        string.Join(", ", Enumerable.Range(0, columns).Select(i => $"c{i}").Prepend("id"));
}
