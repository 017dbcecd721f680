using System.Collections.Immutable;
using Strata.Compiler.Sql;
using Strata.Runner.Materializations;
using Strata.Runner.Versions;

namespace Strata.Runner.Rollback;

/// <summary>
/// Undoes a publish whose changes were kept: rows that came leave, rows that went come back. A table is a bag of
/// rows, so equal rows are numbered and exactly as many leave as came. Where only what tells rows apart was kept of those that came
/// (<see cref="KeptVersion.Identity"/>), a row that changed is found by its old image.
/// </summary>
internal static class DeltaUndo
{
    private const string Went = $"{KeptTables.ChangeColumn} in ('delete', '{KeptTables.Before}')";

    /// <param name="columns">All columns of the target.</param>
    /// <param name="told">Those that tell its rows apart; empty for all.</param>
    /// <param name="byColumns">Columns are compared one by one, null-safely; otherwise by a hash of the whole row.</param>
    public static IEnumerable<string> Write(
        SqlDialect dialect,
        RelationName target,
        RelationName kept,
        ImmutableArray<string> columns,
        ImmutableArray<string> told,
        bool byColumns
    )
    {
        var table = dialect.Quote(target);
        var changes = dialect.Quote(kept);
        var came =
            $"{KeptTables.ChangeColumn} in ('insert', '{(told.IsEmpty ? "update" : KeptTables.Before)}')";
        ImmutableArray<string> names = [.. (told.IsEmpty ? columns : told).Select(dialect.QuoteIdentifier)];
        var list = string.Join(", ", names);
        var print = $"md5(cast(row({list}) as {dialect.TypeName(SqlType.Text)})) as print";
        var identity = byColumns ? list : "print";
        var carried = byColumns ? list : print;
        string Match(string left, string right) =>
            byColumns
                ? string.Join(
                    " and ",
                    names.Select(name => dialect.NullSafeEquals($"{left}.{name}", $"{right}.{name}"))
                )
                : $"{left}.print = {right}.print";
        // only rows that equal one that came are worth numbering
        yield return $"""
            delete from {table} where {dialect.RowAddress} in (
              select there.__strata_address
              from (
                select __strata_address, {identity}, row_number() over (partition by {identity}) as __strata_place
                from (select {dialect.RowAddress} as __strata_address, {carried} from {table}) as numbered
                where exists (
                  select 1 from (select {carried} from {changes} where {came}) as wanted
                  where {Match("wanted", "numbered")}
                )
              ) as there
              join (
                select {identity}, row_number() over (partition by {identity}) as __strata_place
                from (select {carried} from {changes} where {came}) as numbered
              ) as came on came.__strata_place = there.__strata_place and {Match("came", "there")}
            )
            """;
        var all = Ddl.Columns(dialect, columns);
        yield return $"insert into {table} ({all}) select {all} from {changes} where {Went}";
    }
}
