using System.Collections.Immutable;
using System.Globalization;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;
using Strata.Runner.Materializations;
using Strata.Runner.Quarantine.Splitting;

namespace Strata.Runner.Quarantine;

/// <summary>The statements of the publishing transaction that bring a node's quarantine up to date. Pure.</summary>
internal static class QuarantineWriter
{
    /// <param name="batch">Null where the whole node is built.</param>
    public static ImmutableArray<string> Write(
        SqlDialect dialect,
        StagedQuarantine quarantine,
        StagedRelation staged,
        IncrementalBatch? batch,
        bool hashesNullSafe
    )
    {
        var steps = ImmutableArray.CreateBuilder<string>();
        if (!quarantine.Exists)
        {
            if (quarantine.Diverted is null)
                return [];
            steps.Add(QuarantineTable.Create(dialect, quarantine.Table, quarantine.Shape));
        }
        var columns = quarantine.Exists ? quarantine.Columns : quarantine.Shape;
        if (quarantine.Replayed is { } replayed)
            steps.AddRange(Replace(dialect, quarantine.Table, replayed, columns));
        if (quarantine.Diverted is { } diverted)
            steps.AddRange(Add(dialect, quarantine, diverted));
        else if (quarantine.Rereads is { } reread)
            steps.Add($"{DeleteUnresolved(dialect, quarantine)} and {reread}");
        if (quarantine.KeysCompete && !staged.Key.IsEmpty)
            steps.AddRange(NoteBeaten(dialect, quarantine, staged, batch, hashesNullSafe));
        return steps.ToImmutable();
    }

    private static IEnumerable<string> Replace(
        SqlDialect dialect,
        RelationName table,
        RelationName rows,
        ImmutableArray<ColumnSchema> columns
    )
    {
        var names = QuarantineTable.Names(dialect, columns.Select(column => column.Name));
        yield return $"delete from {dialect.Quote(table)} where {QuarantineTable.Id} in "
            + $"(select {QuarantineTable.Id} from {dialect.Quote(rows)})";
        yield return $"insert into {dialect.Quote(table)} ({names}) select {names} from {dialect.Quote(rows)}";
    }

    /// <summary>
    /// A row that is there already keeps its values, which somebody may have corrected, and stands where it came last.
    /// </summary>
    private static IEnumerable<string> Add(
        SqlDialect dialect,
        StagedQuarantine quarantine,
        RelationName diverted
    )
    {
        var table = dialect.Quote(quarantine.Table);
        var rows = dialect.Quote(diverted);
        var batch = quarantine.BatchId.ToString(CultureInfo.InvariantCulture);
        var (id, status) = (QuarantineTable.Id, QuarantineTable.Status);
        yield return $"""
            update {table} set {status} = '{RowStatus.Replayed}', {Resolved(dialect, quarantine.Occasion)}
            where {status} <> '{RowStatus.Replayed}'
              and {id} in (select {id} from {rows} where {status} = '{RowStatus.Replayed}')
            """;
        if (quarantine.Rereads is { } reread)
            yield return $"{DeleteUnresolved(dialect, quarantine)} and {reread} "
                + $"and not exists (select 1 from {rows} as __strata_fresh_row where __strata_fresh_row.{id} = __strata_known_row.{id} and __strata_fresh_row.{status} = '{RowStatus.Open}')";
        // what it is, it is by now: a value that nobody has corrected is not the one of an earlier run
        yield return $"""
            update {table} as __strata_known_row set {QuarantineTable.AsItComes(
                dialect,
                quarantine.Shape,
                quarantine.OfTheRun
            )}
            from {rows} as __strata_fresh_row where __strata_fresh_row.{id} = __strata_known_row.{id} and __strata_fresh_row.{status} = '{RowStatus.Open}'
              and __strata_fresh_row.{QuarantineTable.Original} <> __strata_known_row.{QuarantineTable.Original}
            """;
        yield return $"""
            update {table} as __strata_known_row set {status} = '{RowStatus.Open}', {QuarantineTable.Reasons} = __strata_fresh_row.{QuarantineTable.Reasons},
              {QuarantineTable.Batch} = {batch}, {QuarantineTable.BeatenBy} = null,
              {QuarantineTable.ResolvedRun} = null, {QuarantineTable.ResolvedAt} = null
            from {rows} as __strata_fresh_row where __strata_fresh_row.{id} = __strata_known_row.{id} and __strata_fresh_row.{status} = '{RowStatus.Open}'
            """;
        var names = QuarantineTable.Names(dialect, quarantine.Shape.Select(column => column.Name));
        yield return $"""
            insert into {table} ({names}) select {names} from {rows} as __strata_fresh_row
            where {status} = '{RowStatus.Open}'
              and not exists (select 1 from {table} as __strata_known_row where __strata_known_row.{id} = __strata_fresh_row.{id})
            """;
    }

    public static string Resolved(SqlDialect dialect, SplitOccasion occasion) =>
        $"{QuarantineTable.ResolvedRun} = {dialect.QuoteString(occasion.RunId)}, "
        + $"{QuarantineTable.ResolvedAt} = {SplitScript.Instant(dialect, occasion.At)}";

    private static string DeleteUnresolved(SqlDialect dialect, StagedQuarantine quarantine)
    {
        var delete =
            $"delete from {dialect.Quote(quarantine.Table)} as __strata_known_row where {QuarantineTable.Status} in "
            + $"('{RowStatus.Open}', '{RowStatus.Superseded}')";
        return quarantine is { KeepsUnused: true, Replayed: { } replayed }
            ? $"{delete} and not exists (select 1 from {dialect.Quote(replayed)} as __strata_kept_row where __strata_kept_row.{QuarantineTable.Id} = __strata_known_row.{QuarantineTable.Id} "
                + $"and __strata_kept_row.{QuarantineTable.Status} = '{RowStatus.Open}' and {QuarantineTable.IsCorrected(dialect, "__strata_known_row", quarantine.Columns)})"
            : delete;
    }

    /// <summary>
    /// An open row whose key this batch publishes would have been overwritten by it, had it been right at once: when
    /// it is replayed, it must not overwrite.
    /// </summary>
    private static IEnumerable<string> NoteBeaten(
        SqlDialect dialect,
        StagedQuarantine quarantine,
        StagedRelation staged,
        IncrementalBatch? batch,
        bool hashesNullSafe
    )
    {
        // in a swap the stage has become the published table
        var (rows, number, also) = quarantine is { Replayed: { } replayed, Rereads: null }
            ? (
                replayed,
                $"{RowAlias.Batch}.{QuarantineTable.Batch}",
                $" and {RowAlias.Batch}.{QuarantineTable.Status} = '{RowStatus.Replayed}' "
                    + $"and {RowAlias.Target}.{QuarantineTable.Batch} < {RowAlias.Batch}.{QuarantineTable.Batch}"
            )
            : (
                batch is null ? staged.Published : staged.Physical,
                quarantine.BatchId.ToString(CultureInfo.InvariantCulture),
                ""
            );
        var sequence = quarantine.Sequence is { } column ? dialect.QuoteIdentifier(column) : null;
        var guard = sequence is null
            ? ""
            : $" and ({RowAlias.Target}.{sequence} is null or {RowAlias.Batch}.{sequence} >= {RowAlias.Target}.{sequence})";
        var match = new KeyMatch(dialect, staged.Key, hashesNullSafe, staged.NullKeyRows, []);
        foreach (var condition in match.Conditions)
        {
            yield return $"""
                update {dialect.Quote(
                    quarantine.Table
                )} as {RowAlias.Target} set {QuarantineTable.BeatenBy} = {number}
                from {dialect.Quote(rows)} as {RowAlias.Batch}
                where {RowAlias.Target}.{QuarantineTable.Status} = '{RowStatus.Open}' and {RowAlias.Target}.{QuarantineTable.BeatenBy} is null
                  and {condition}{guard}{also}
                """;
        }
    }
}
