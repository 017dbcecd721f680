using System.Collections.Immutable;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;

namespace Strata.Runner.Materializations;

/// <summary>
/// Makes the rows of a table equal to other rows, without a key, by comparing both as multisets. Rows that the new set has fewer of
/// are deleted, those that it has more of are inserted; equal rows are numbered to tell them apart.
/// </summary>
/// <param name="Target">The table, quoted.</param>
/// <param name="Within">A condition on the rows of the table that are compared; null for all.</param>
/// <param name="Incoming">The new rows: a table, or a query in parentheses with an alias.</param>
internal sealed record RowBag(
    SqlDialect Dialect,
    string Target,
    string? Within,
    string Incoming,
    ImmutableArray<ColumnSchema> Columns,
    ImmutableHashSet<string> Volatile
)
{
    // they stand beside the columns of the rows, which may have any name but these
    private const string Address = "__strata_address";
    private const string PrintColumn = "__strata_print";
    private const string Place = "__strata_place";

    /// <summary>The statements that make the change.</summary>
    public IEnumerable<PublishStep> Steps()
    {
        var names = Names();
        yield return new PublishStep(
            RowAddresses.Delete(
                Dialect,
                Target,
                $"""
                select {RowAddresses.Names(Dialect, Address, $"{RowAlias.Target}.")}
                from ({Old(RowAddresses.Of(Dialect, Address))}) as {RowAlias.Target}
                {Unmatched(RowAlias.Target, RowAlias.Batch, New(names))}
                """,
                Address
            ),
            RowEffect.Deleted
        );
        yield return new PublishStep(
            $"""
            insert into {Target} ({names})
            select {Names($"{RowAlias.Batch}.")} from ({New(names)}) as {RowAlias.Batch}
            {Unmatched(RowAlias.Batch, RowAlias.Target, Old($"{Dialect.RowAddress} as {Address}"))}
            """,
            RowEffect.Inserted
        );
    }

    /// <summary>
    /// Where the rows are that go and come, found in one pass: see <see cref="TableComparison.Places"/>.
    /// <see cref="Steps(RelationName)"/> looks again at each row that goes, in case others have changed it.
    /// </summary>
    public string Places() =>
        $"""
            select {RowAlias.Target}.{Address} as {TableComparison.Gone}, {RowAlias.Target}.{PrintColumn}, {RowAlias.Batch}.{Address} as {TableComparison.Come}
            from ({Old($"{Dialect.RowAddress} as {Address}")}) as {RowAlias.Target}
            full join ({New($"{Dialect.RowAddress} as {Address}")}) as {RowAlias.Batch}
              on {RowAlias.Batch}.{PrintColumn} = {RowAlias.Target}.{PrintColumn} and {RowAlias.Batch}.{Place} = {RowAlias.Target}.{Place}
            where {RowAlias.Batch}.{PrintColumn} is null or {RowAlias.Target}.{PrintColumn} is null
            """;

    /// <summary>The statements that make the change, where it is known which rows differ.</summary>
    /// <param name="places">The table of <see cref="Places"/>.</param>
    public IEnumerable<PublishStep> Steps(RelationName places)
    {
        var found = Dialect.Quote(places);
        yield return new PublishStep(
            $"""
            delete from {Target} as {RowAlias.Target} using {found} as places
            where {RowAlias.Target}.{Dialect.RowAddress} = places.{TableComparison.Gone} and {Print(
                $"{RowAlias.Target}."
            )} = places.{PrintColumn}
            """,
            RowEffect.Deleted
        );
        yield return new PublishStep(
            $"""
            insert into {Target} ({Names()}) select {Names($"{RowAlias.Batch}.")}
            from {Incoming} as {RowAlias.Batch} join {found} as places on {RowAlias.Batch}.{Dialect.RowAddress} = places.{TableComparison.Come}
            """,
            RowEffect.Inserted
        );
    }

    /// <summary>The rows that go.</summary>
    public string GoneRows() =>
        $"select {Names($"{RowAlias.Target}.")} from ({Old(Names())}) as {RowAlias.Target} {Unmatched(RowAlias.Target, RowAlias.Batch, New(Names()))}";

    /// <summary>The rows that come.</summary>
    public string ComeRows() =>
        $"select {Names($"{RowAlias.Batch}.")} from ({New(Names())}) as {RowAlias.Batch} {Unmatched(RowAlias.Batch, RowAlias.Target, Old(Names()))}";

    private static string Unmatched(string some, string others, string query) =>
        $"left join ({query}) as {others} on {others}.{PrintColumn} = {some}.{PrintColumn} and {others}.{Place} = {some}.{Place} "
        + $"where {others}.{PrintColumn} is null";

    private string Old(string select) =>
        Numbered(select, Within is null ? Target : $"{Target} where {Within}");

    private string New(string select) => Numbered(select, Incoming);

    private string Numbered(string select, string relation)
    {
        var print = Print("");
        return $"select {select}, {print} as {PrintColumn}, row_number() over (partition by {print}) as {Place} from {relation}";
    }

    /// <summary>The hash of a row: the same for rows whose values are the same to <see cref="SqlDialect.Differ"/>.</summary>
    private string Print(string prefix)
    {
        ImmutableArray<ColumnSchema> compared = [.. Columns.Where(column => !Volatile.Contains(column.Name))];
        if (compared.IsEmpty)
            compared = Columns;
        var values = compared.Select(column =>
            Dialect.Canonical(prefix + Dialect.QuoteIdentifier(column.Name), column.Type)
        );
        var row = $"row({string.Join(", ", values)})";
        return $"md5(cast({row} as {Dialect.TypeName(SqlType.Text)}))";
    }

    private string Names(string prefix = "") =>
        Ddl.Columns(Dialect, Columns.Select(column => column.Name), prefix);
}
