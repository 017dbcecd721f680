using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Strata.Compiler.Manifest;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;
using Strata.Runner.Adapters.Errors;
using Strata.Runner.Binding;

namespace Strata.Runner.UnitTests;

/// <summary>
/// Which of the columns that a test does not give its model reads all the same. The engine's binder knows: the query is
/// bound to a table of the given columns alone, and as long as it misses one of the others, that one is read. What
/// <c>select *</c> merely carries along is not missed.
/// </summary>
internal static class ColumnsRead
{
    public static async Task<ImmutableArray<string>> FindAsync(
        PrivateEngine engine,
        ProjectManifest manifest,
        UnitTestNode test,
        ImmutableArray<FixtureTable> tables,
        FixtureTable table,
        CancellationToken cancellationToken
    )
    {
        var read = ImmutableArray.CreateBuilder<string>();
        var columns = table.Given;
        if (columns.IsEmpty)
            return [];
        while (columns.Length < table.Given.Length + table.Lacking.Length)
        {
            if (
                await MissedAsync(columns) is not { } message
                || Find(message, table.Lacking.Where(column => !columns.Contains(column))) is not { } missed
            )
                break;
            // a column that a star leaves out must be there, and matters to nobody
            if (!message.Contains("\" in EXCLUDE list", StringComparison.Ordinal))
                read.Add(missed.Name);
            columns = columns.Add(missed);
        }
        return read.ToImmutable();

        async Task<string?> MissedAsync(ImmutableArray<ColumnSchema> exactly)
        {
            var exact = new RelationName(await engine.NewSchemaAsync(cancellationToken), table.Table.Name);
            await engine.Session.ExecuteAsync(
                TableSql.Create(engine.Dialect, exact, exactly),
                cancellationToken
            );
            var bound = InputBinding.Bind(
                test.Sql,
                manifest,
                engine.Dialect,
                key => key == table.Key ? exact : tables.First(one => one.Key == key).Table
            );
            try
            {
                await engine.TryAsync(
                    session => session.DescribeQueryAsync(bound.Text, cancellationToken),
                    cancellationToken
                );
                return null;
            }
            catch (EngineException e)
            {
                return e.Error.Message;
            }
        }
    }

    /// <summary>
    /// The column that a message is about. Names stand in it as they are, with blanks and quotes, so that only those which
    /// it can be are looked for; the longest, as one may end like another.
    /// </summary>
    internal static ColumnSchema? Find(string message, IEnumerable<ColumnSchema> columns) =>
        columns
            .Where(column => IsAbout(message, column.Name))
            .OrderByDescending(column => column.Name.Length)
            .FirstOrDefault();

    private static bool IsAbout(string message, string column)
    {
        var name = Regex.Escape(column);
        return Regex.IsMatch(
            message,
            // DuckDB: in the list of a select, of a table, in 'using', 'exclude', 'replace', 'unpivot'
            $"(Referenced column|have a column named) \"{name}\"( not found|\\s|$)"
                + $"|Column \"{name}\" (does not exist on|in [A-Z]+ list not found|referenced in UNPIVOT)"
                // Postgres: alone, in 'using', behind the name of its table
                + $"|column \"{name}\" (specified in USING clause )?does not exist"
                + $"|column [^\n]+\\.\"?{name}\"? does not exist",
            RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
        );
    }
}
