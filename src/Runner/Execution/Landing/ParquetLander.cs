using System.Collections.Immutable;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;
using Strata.Runner.Adapters.Errors;
using Strata.Runner.Events;
using Strata.Runner.Execution.Staging;
using Strata.Runner.Files;
using Strata.Runner.Files.Landing;
using Strata.Runner.Files.Landing.Columns;
using Strata.Runner.Files.Reading;
using Strata.Runner.Materializations;
using Strata.Runner.State;
using Strata.Runner.State.Tables;

namespace Strata.Runner.Execution.Landing;

/// <summary>Lands parquet files by the engine's own reader, some at a time; a damaged one is left out.</summary>
internal sealed class ParquetLander(NodeStatements statements)
{
    private const int FilesPerStatement = 64;

    public async Task<(LandedRows Rows, FileIntakeResult Result, LandedColumns? Found)> LandAsync(
        LandingWork work,
        IProgress<LandingStep> progress,
        CancellationToken cancellationToken
    )
    {
        var on = work.On;
        var table = on.Names.Landed(work.Model.Relation, work.Index);
        var hashes = new Dictionary<string, string>();
        var bad = new List<(LandedFile File, string Reason)>();
        foreach (var file in work.Files)
        {
            if (await FindProblemAsync(work, file, hashes, cancellationToken) is { } problem)
                bad.Add((file, problem));
        }
        var good = work.Files.Where(file => hashes.ContainsKey(file.Path)).ToList();
        List<LandedFile> old = work.Newest is { } newest ? [newest] : [];
        var shape = good.Count > 0 ? good : old;
        var empty = shape.Count == 0 ? EmptyShape(work) : $"{Read(work, shape)} limit 0";
        var create = $"{StageScripts.CreateTemporary(on.Dialect, table)} as\n{empty}";
        await statements.RunAsync(work.Lease, work.Model, new ModelStatement(create), cancellationToken);
        work.Lease.Own(new TemporaryTable(work.Lease, on.Dialect, table));
        var (loaded, bytes, total) = (0L, 0L, good.Sum(file => file.Size));
        foreach (var some in good.Chunk(FilesPerStatement))
        {
            var insert = $"insert into {on.Dialect.Quote(table)} by name\n{Read(work, some)}";
            loaded += await statements.RunAsync(
                work.Lease,
                work.Model,
                new ModelStatement(insert),
                cancellationToken
            );
            bytes += some.Sum(file => file.Size);
            progress.Report(new LandingStep(loaded, new FileProgress("reading", bytes, total)));
        }
        var columns = await statements.DescribeAsync(work.Lease, on, work.Model, table, cancellationToken);
        var rows = RowsOf(work, table, columns);
        var records = work.Files.Select(file => new ConsumedFile(
            work.Source.UniqueId,
            work.Model.UniqueId,
            file.Path,
            file.Size,
            file.ModifiedAt,
            hashes.GetValueOrDefault(file.Path, ""),
            work.BatchId
        ));
        var found =
            good.Count == 0
                ? null
                : work.Found(
                    columns.Where(column => rows.Find(column.Name) is { } name && !rows.IsPartition(name))
                );
        var result = new FileIntakeResult([.. records], [.. bad], DriftOf(work, rows, good))
        {
            Rows = loaded,
        };
        return (rows, result, found);
    }

    /// <summary>Why a file cannot be read: it is hashed, and the engine looks at its footer.</summary>
    private async Task<string?> FindProblemAsync(
        LandingWork work,
        LandedFile file,
        Dictionary<string, string> hashes,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await using var content = FileContent.Open(file);
            var hash = await content.FinishAsync(cancellationToken);
            await work.Lease.Session.DescribeQueryAsync(Read(work, [file]), cancellationToken);
            hashes[file.Path] = hash;
            return null;
        }
        catch (Exception e) when (FileContent.IsUnreadable(e))
        {
            return FileContent.Words(e);
        }
        catch (EngineException e)
        {
            return e
                .Error.Message.ReplaceLineEndings("\n")
                .Split('\n')[0]
                .Replace(file.FullPath, file.Path, StringComparison.Ordinal);
        }
    }

    private static string Read(LandingWork work, IEnumerable<LandedFile> files)
    {
        const string path = "__strata_path";
        var (on, config) = (work.On, work.Config);
        var paths = string.Join(
            ", ",
            files.Select(file => on.Dialect.QuoteString(PathPattern.Of(file.FullPath)))
        );
        var hive = config.HivePartitions
            ? "hive_partitioning = true, hive_types_autocast = false"
            : "hive_partitioning = false";
        return $"select * exclude (file_row_number, {path}), {SourceMarks.Shown(on.Dialect, path, work.ProjectFolder)} as {LandedColumn.File}, file_row_number + 1 as {LandedColumn.Row}, "
            + $"cast(null as bigint) as {LandedColumn.Line}, cast(null as varchar) as {LandedColumn.Problem}, "
            + $"cast(null as varchar) as {LandedColumn.Raw}\n"
            + $"from read_parquet([{paths}], union_by_name = true, file_row_number = true, filename = '{path}', {hive})";
    }

    private static string EmptyShape(LandingWork work)
    {
        var columns = work
            .Config.Columns.Select(column => new ColumnSchema(column.Name, column.DataType ?? "varchar"))
            .Concat(work.Remembered?.Fields ?? [])
            .Concat(work.Partitions.Select(name => new ColumnSchema(name, "varchar")))
            .DistinctBy(column => column.Name, StringComparer.OrdinalIgnoreCase)
            .Select(column =>
                $", cast(null as {column.Type}) as {work.On.Dialect.QuoteIdentifier(column.Name)}"
            );
        return $"select cast(null as varchar) as {LandedColumn.File}, cast(null as bigint) as {LandedColumn.Row}, "
            + $"cast(null as bigint) as {LandedColumn.Line}, cast(null as varchar) as {LandedColumn.Problem}, "
            + $"cast(null as varchar) as {LandedColumn.Raw}{string.Concat(columns)} where false";
    }

    private static LandedRows RowsOf(
        LandingWork work,
        RelationName table,
        ImmutableArray<ColumnSchema> columns
    )
    {
        string[] ours =
        [
            LandedColumn.File,
            LandedColumn.Row,
            LandedColumn.Line,
            LandedColumn.Problem,
            LandedColumn.Raw,
        ];
        return new LandedRows(
            work.On.Dialect.Quote(table),
            [.. columns.Select(column => column.Name).Except(ours)],
            work.Partitions
        );
    }

    private static ImmutableArray<FileDrift> DriftOf(
        LandingWork work,
        LandedRows rows,
        List<LandedFile> files
    )
    {
        if (files.Count == 0 || work.Config.Columns.IsEmpty)
            return [];
        var notes = new DriftNotes();
        var declared = work.Config.Columns.Select(column => column.Name).ToList();
        notes.Add(DriftKind.Missing, declared.Where(name => rows.Find(name) is null), files[0].Path);
        notes.Add(
            DriftKind.Undeclared,
            rows.Columns.Where(name =>
                !rows.IsPartition(name) && !declared.Contains(name, StringComparer.OrdinalIgnoreCase)
            ),
            files[0].Path
        );
        return notes.ToResult();
    }
}
