using System.Globalization;

namespace Strata.Compiler.Sql;

/// <summary>
/// Which parts of a table on DuckDB hold the rows that a statement joins by address. Of such a join a scan knows the least and the greatest address
/// only, and reads all columns of what lies between; but where a filter on <c>rowid</c> leaves no row of a vector, it skips the vector's other columns.
/// That filter is a bit for each vector, in a variable of the session, which is a constant to the statements that are planned after it. A scan takes it
/// only of a table that is joined by itself, not as a subquery.
/// </summary>
/// <param name="Variable">A name that needs no quotes.</param>
/// <param name="First">The first vector with such a row.</param>
/// <param name="Last">The last one.</param>
public sealed record AddressBlocks(string Variable, long First, long Last)
{
    /// <summary>A vector holds two to the power of this many rows.</summary>
    private const int Power = 11;

    /// <summary>A query of one row: <see cref="First"/> and <see cref="Last"/>; null where there are no rows.</summary>
    /// <param name="table">Holds the addresses; quoted.</param>
    public static string AskEnds(string table, string address) =>
        $"select min({address}) >> {Power}, max({address}) >> {Power} from {table}";

    public string Remember(string table, string address) =>
        Invariant(
            $"set variable {Variable} = (select bitstring_agg({address} >> {Power}, 0, {Beyond}) from {table})"
        );

    /// <summary>A query of one number: in how many vectors such rows lie.</summary>
    public string Count => $"select bit_count(getvariable('{Variable}'))";

    /// <summary>True for the rows of those vectors.</summary>
    /// <param name="table">What the table is called in the statement.</param>
    public string Hold(string table) =>
        Invariant(
            $"get_bit(getvariable('{Variable}'), cast(least({table}.rowid >> {Power}, {Beyond}) as integer)) = 1"
        );

    /// <summary>
    /// Whether they leave out enough: to look for a row's bit takes as long as to read two of its values, and they are at most half of what is read without them.
    /// </summary>
    /// <param name="held">See <see cref="Count"/>.</param>
    public bool ArePlaces(long held) => held * 2 <= Last - First + 1;

    /// <summary>A vector without such rows; those beyond it are looked for there.</summary>
    private long Beyond => Last + 1;

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
