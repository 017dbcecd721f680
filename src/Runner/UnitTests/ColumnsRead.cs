using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Strata.Compiler.Manifest;
using Strata.Compiler.Rendering;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;

namespace Strata.Runner.UnitTests;

/// <summary>
/// Which of the columns that a test does not give its model reads all the same. The engine's binder knows: the query is
/// bound to a table of the given columns alone, and as long as it misses one of the others, that one is read. What
/// <c>select *</c> merely carries along is not missed.
/// </summary>
internal static partial class ColumnsRead
{
    public static async Task<ImmutableArray<string>> FindAsync(
        UnitTestEngine engine,
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
        while (read.Count < table.Lacking.Length)
        {
            var name = await MissedAsync(columns);
            var missed = table.Lacking.FirstOrDefault(column =>
                column.Name.Equals(name, StringComparison.OrdinalIgnoreCase) && !columns.Contains(column)
            );
            if (missed is null)
                break;
            read.Add(missed.Name);
            columns = columns.Add(missed);
        }
        return read.ToImmutable();

        async Task<string?> MissedAsync(ImmutableArray<ColumnSchema> exactly)
        {
            var exact = new RelationName(await engine.NewSchemaAsync(cancellationToken), table.Table.Name);
            await engine.Session.ExecuteAsync(
                FixtureSql.CreateTable(engine.Dialect, exact, exactly),
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
                return NameIn(e.Error.Message);
            }
        }
    }

    private static string? NameIn(string message)
    {
        foreach (var pattern in (Regex[])[Referenced(), Named(), NotThere()])
        {
            if (pattern.Match(message) is { Success: true } match)
                return match.Groups["name"].Value;
        }
        return null;
    }

    [GeneratedRegex("Referenced column \"(?<name>[^\"]+)\" not found")]
    private static partial Regex Referenced();

    [GeneratedRegex("does not have a column named \"(?<name>[^\"]+)\"")]
    private static partial Regex Named();

    [GeneratedRegex("column (\"|([^ ]+\\.)\"?)?(?<name>[^\" ]+)\"? does not exist")]
    private static partial Regex NotThere();
}
