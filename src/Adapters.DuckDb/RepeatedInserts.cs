using DuckDB.NET.Native;
using Strata.Adapters.DuckDb.Native;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters.Errors;

namespace Strata.Adapters.DuckDb;

/// <summary>
/// Keeps DuckDB from losing rows. Where one transaction adds to a table several times, and once nothing, out of a table without rows,
/// version 1.5.6 leaves an empty group of rows in it, behind which nobody sees rows that several threads add: not those of the same
/// transaction, and until the database is opened again not those of later ones either. The statements count them nevertheless. What
/// gives its rows back is added by one thread, which leaves no such group and fills one that is there; so that is
/// how every further insert of a transaction into the same table runs.
/// </summary>
internal sealed class RepeatedInserts(Redaction redaction)
{
    // tables by their own names: one of the same name in another schema is added to more slowly, and no worse
    private readonly HashSet<string> _added = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _addedNone = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Another transaction begins.</summary>
    public void Forget()
    {
        _added.Clear();
        _addedNone.Clear();
    }

    /// <summary>Runs a statement of a transaction; blocks.</summary>
    /// <returns>See <see cref="Query.Execute"/>.</returns>
    public long Execute(DuckDBNativeConnection connection, string sql)
    {
        using (var query = Query.Prepare(connection, sql, redaction))
        {
            if (!query.AddsRows || SqlShape.FindTarget(sql) is not { } table)
                return query.Execute();
            if (query.IsCopy && _addedNone.Contains(table))
                throw Errors.Of(
                    EngineErrorKind.Unsupported,
                    $"the transaction has added no rows to '{table}', and DuckDB may lose what is then copied to it",
                    "write: insert into ... select * from the file"
                );
            if (_added.Add(table) || !query.CanReturnRows)
            {
                var count = query.Execute();
                if (count == 0)
                    _addedNone.Add(table);
                return count;
            }
        }
        const string suffix = "\nreturning 1";
        var body = SqlShape.WithoutTerminator(sql);
        using var returning = Query.Prepare(connection, body, redaction, suffix: suffix);
        return returning.CountRows();
    }
}
