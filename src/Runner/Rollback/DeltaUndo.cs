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
/// <param name="CountCame">A query for the number of rows that are to leave.</param>
/// <param name="Delete">Lets them leave; fewer than that are found where others have changed the table since.</param>
/// <param name="Insert">Brings back the rows that went.</param>
internal sealed record DeltaUndo(string CountCame, string Delete, string Insert)
{
    private const string Went = $"{KeptTables.ChangeColumn} in ('delete', '{KeptTables.Before}')";

    /// <param name="columns">All columns of the target.</param>
    /// <param name="told">Those that tell its rows apart; empty for all.</param>
    /// <param name="byColumns">Columns are compared one by one, null-safely; otherwise by a hash of the whole row.</param>
    public static DeltaUndo Write(
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
        const string address = "__strata_address";
        var place = RowAddresses.Names(dialect, address);
        var delete = RowAddresses.Delete(
            dialect,
            table,
            $"""
            select {place}
            from (
              select {place}, {identity}, row_number() over (partition by {identity}) as __strata_place
              from (select {RowAddresses.Of(
                dialect,
                address
            )}, {carried} from {table}) as __strata_numbered_row
              where exists (
                select 1 from (select {carried} from {changes} where {came}) as wanted
                where {Match("wanted", "__strata_numbered_row")}
              )
            ) as there
            join (
              select {identity}, row_number() over (partition by {identity}) as __strata_place
              from (select {carried} from {changes} where {came}) as numbered
            ) as came on came.__strata_place = there.__strata_place and {Match("came", "there")}
            """,
            address
        );
        var all = Ddl.Columns(dialect, columns);
        return new DeltaUndo(
            $"select count(*) from {changes} where {came}",
            delete,
            $"insert into {table} ({all}) select {all} from {changes} where {Went}"
        );
    }
}
