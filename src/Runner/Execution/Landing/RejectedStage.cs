using System.Collections.Immutable;
using System.Globalization;
using Strata.Compiler.Manifest.Sources;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;
using Strata.Runner.Files;
using Strata.Runner.Files.Landing;
using Strata.Runner.Files.Landing.Columns;
using Strata.Runner.Files.Landing.Typing;
using Strata.Runner.Files.Reading;
using Strata.Runner.Materializations;

namespace Strata.Runner.Execution.Landing;

/// <summary>The rejected rows of landed files, with path, line, reason and text, in a table of the stage.</summary>
internal sealed class RejectedStage(NodeStatements statements)
{
    private const int Samples = 5;

    /// <summary>Of more rows than that the text is not looked up again: they keep their fields as JSON.</summary>
    private const long MostLookedUp = 100_000;

    /// <param name="Table">Null when no row was rejected.</param>
    /// <param name="HasMisfits">Some rows could be read and do not fit.</param>
    /// <param name="Refused">Files of which every row was rejected.</param>
    public sealed record Result(
        RelationName? Table,
        long Rows,
        bool HasMisfits,
        ImmutableArray<string> Samples,
        ImmutableArray<RefusedFile> Refused
    )
    {
        public static readonly Result None = new(null, 0, false, [], []);
    }

    /// <summary>Makes the table, for which every new file is read to its end.</summary>
    public Task FillAsync(LandingWork work, LandedQuery query, CancellationToken cancellationToken) =>
        work.Files.IsEmpty
            ? Task.CompletedTask
            : FillAsync(work, query, work.Config.Format == FileFormat.Parquet, cancellationToken);

    /// <summary>Forgets what was found in some files.</summary>
    public async Task LeaveOutAsync(
        LandingWork work,
        IEnumerable<string> files,
        CancellationToken cancellationToken
    )
    {
        var dialect = work.On.Dialect;
        foreach (var some in files.Chunk(500))
        {
            var paths = string.Join(", ", some.Select(dialect.QuoteString));
            var delete = $"delete from {dialect.Quote(TableOf(work))} where path in ({paths})";
            await statements.RunAsync(work.Lease, work.Model, new ModelStatement(delete), cancellationToken);
        }
    }

    /// <summary>What was counted of rows that are taken in all the same; only those that are not remain in the table.</summary>
    public async Task<LostValues?> TakeLostAsync(LandingWork work, CancellationToken cancellationToken)
    {
        if (work.Watched is null || work.Files.IsEmpty)
            return null;
        var table = work.On.Dialect.Quote(TableOf(work));
        var counts = await statements.QueryAsync(
            work.Lease,
            work.Model,
            $"select lost_columns, sum(lost_rows) from {table} where lost_rows is not null group by lost_columns",
            int.MaxValue,
            cancellationToken
        );
        if (counts.Rows.IsEmpty)
            return null;
        // of every kind one, and not the same column five times
        var samples = await statements.QueryAsync(
            work.Lease,
            work.Model,
            $"""
            select path, line, reason, raw from (
              select *, row_number() over (partition by lost_columns order by path, line) as nth
              from {table} where lost_rows is not null
            ) as found order by nth, path, line limit {Samples}
            """,
            Samples,
            cancellationToken
        );
        await statements.RunAsync(
            work.Lease,
            work.Model,
            new ModelStatement($"delete from {table} where lost_rows is not null"),
            cancellationToken
        );
        var byColumn = counts
            .Rows.SelectMany(row =>
                $"{row[0]}"
                    .Split(',', StringSplitOptions.RemoveEmptyEntries)
                    .Select(index =>
                        (Column: int.Parse(index, CultureInfo.InvariantCulture), Rows: RowSet.Long(row[1]))
                    )
            )
            .GroupBy(one => one.Column, one => one.Rows)
            .OrderBy(column => column.Key);
        return new LostValues(
            [.. byColumn.Select(column => (work.Config.Columns[column.Key].Name, column.Sum()))],
            counts.Rows.Where(row => $"{row[0]}".Length == 0).Sum(row => RowSet.Long(row[1])),
            [.. samples.Rows.Select(Sample)]
        );
    }

    /// <param name="rowsByFile">How many rows each file has; null for parquet, whose table tells.</param>
    public async Task<Result> CountAsync(
        LandingWork work,
        LandedQuery query,
        IReadOnlyDictionary<string, long>? rowsByFile,
        CancellationToken cancellationToken
    )
    {
        if (work.Files.IsEmpty)
            return Result.None;
        var on = work.On;
        var table = TableOf(work);
        var counts = await statements.QueryAsync(
            work.Lease,
            work.Model,
            $"select count(*), count(case when not is_whole then 1 end) from {on.Dialect.Quote(table)}",
            1,
            cancellationToken
        );
        var count = counts.LongAt(0);
        var withoutText = counts.LongAt(1);
        if (count == 0)
            return Result.None;
        if (withoutText > 0 && work.Config.Format == FileFormat.Csv)
        {
            if (withoutText <= MostLookedUp)
                await LookUpAsync(work, table, cancellationToken);
            else
                await FillAsync(work, query, withFields: true, cancellationToken);
        }
        var samples = await statements.QueryAsync(
            work.Lease,
            work.Model,
            $"select path, line, reason, raw from {on.Dialect.Quote(table)} order by path, line limit {Samples}",
            Samples,
            cancellationToken
        );
        // JSON texts that do not fit have their text already, and may be misfits all the same
        var hasMisfits = withoutText > 0 || work.Config.IsJson;
        return new Result(
            table,
            count,
            hasMisfits,
            [.. samples.Rows.Select(Sample)],
            await FindRefusedAsync(work, table, rowsByFile, cancellationToken)
        );
    }

    private async Task<ImmutableArray<RefusedFile>> FindRefusedAsync(
        LandingWork work,
        RelationName table,
        IReadOnlyDictionary<string, long>? rowsByFile,
        CancellationToken cancellationToken
    )
    {
        var dialect = work.On.Dialect;
        var rejected = await CountByFileAsync("path", table);
        rowsByFile ??= await CountByFileAsync(
            LandedColumn.File,
            work.On.Names.Landed(work.Model.Relation, work.Index)
        );
        var whole = rejected.Where(one => rowsByFile.GetValueOrDefault(one.Key) == one.Value).ToDictionary();
        var refused = ImmutableArray.CreateBuilder<RefusedFile>(whole.Count);
        foreach (var some in whole.Keys.Order(StringComparer.Ordinal).Chunk(500))
        {
            var first = await statements.QueryAsync(
                work.Lease,
                work.Model,
                $"""
                select path, line, reason, raw from (
                  select path, line, reason, raw, row_number() over (partition by path order by source_row) as nth
                  from {dialect.Quote(table)} where path in ({string.Join(
                    ", ",
                    some.Select(dialect.QuoteString)
                )})
                ) as found where nth = 1 order by path
                """,
                int.MaxValue,
                cancellationToken
            );
            refused.AddRange(
                first.Rows.Select(row => new RefusedFile(
                    $"{row[0]}",
                    whole[$"{row[0]}"],
                    Sample(row),
                    $"{row[2]}"
                ))
            );
        }
        return refused.ToImmutable();

        async Task<Dictionary<string, long>> CountByFileAsync(string path, RelationName of)
        {
            var found = await statements.QueryAsync(
                work.Lease,
                work.Model,
                $"select {path}, count(*) from {dialect.Quote(of)} group by {path}",
                int.MaxValue,
                cancellationToken
            );
            return found.Rows.ToDictionary(row => $"{row[0]}", row => RowSet.Long(row[1]));
        }
    }

    private async Task FillAsync(
        LandingWork work,
        LandedQuery query,
        bool withFields,
        CancellationToken cancellationToken
    )
    {
        var (on, table) = (work.On, TableOf(work));
        await statements.RunAsync(
            work.Lease,
            work.Model,
            new ModelStatement(Ddl.DropTable(on.Dialect, table)),
            cancellationToken
        );
        var create =
            $"{StageScripts.CreateTable(on.Dialect, on.Capabilities, table)} as\n"
            + (work.Watched is { } watched ? query.RejectedAndLost(watched) : query.Rejected(withFields));
        await statements.RunAsync(work.Lease, work.Model, new ModelStatement(create), cancellationToken);
    }

    private static RelationName TableOf(LandingWork work) =>
        work.On.Names.Rejected(work.Model.Relation, work.Index);

    /// <summary>Reads the files again in which values did not fit, for the text as it stands there.</summary>
    private async Task LookUpAsync(LandingWork work, RelationName table, CancellationToken cancellationToken)
    {
        var quoted = work.On.Dialect.Quote(table);
        var found = await statements.QueryAsync(
            work.Lease,
            work.Model,
            $"select path, source_row from {quoted} where not is_whole",
            int.MaxValue,
            cancellationToken
        );
        var files = work.Files.ToDictionary(file => file.Path);
        foreach (var group in found.Rows.GroupBy(row => (string?)row[0] ?? "", row => RowSet.Long(row[1])))
        {
            var texts = await ReadAsync(files[group.Key], work.Config, [.. group], cancellationToken);
            foreach (var some in texts.Chunk(200))
            {
                var values = some.Select(text =>
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"({text.Row}, {work.On.Dialect.QuoteString(text.Raw)})"
                    )
                );
                var update =
                    $"update {quoted} as target set raw = found.raw from (values {string.Join(", ", values)}) as found(source_row, raw) "
                    + $"where target.path = {work.On.Dialect.QuoteString(group.Key)} and target.source_row = found.source_row "
                    + "and not target.is_whole";
                await statements.RunAsync(
                    work.Lease,
                    work.Model,
                    new ModelStatement(update),
                    cancellationToken
                );
            }
        }
    }

    private static async Task<List<(long Row, string Raw)>> ReadAsync(
        LandedFile file,
        FilesConfig config,
        HashSet<long> rows,
        CancellationToken cancellationToken
    )
    {
        var texts = new List<(long, string)>();
        await using var content = FileContent.Open(file);
        using var text = content.ReadText(config.Encoding);
        var records = new CsvRecords(text, config.Csv);
        if (config.Csv.Header)
            await records.ReadAsync(cancellationToken);
        for (var row = 1L; texts.Count < rows.Count && await records.ReadAsync(cancellationToken); row++)
        {
            if (rows.Contains(row))
                texts.Add((row, records.Raw));
        }
        return texts;
    }

    private static string Sample(object?[] row)
    {
        var place = row[1] is null
            ? $"{row[0]}"
            : string.Create(CultureInfo.InvariantCulture, $"{row[0]}:{row[1]}");
        return LostValues.Sample(place, $"{row[2]}", $"{row[3]}");
    }
}
