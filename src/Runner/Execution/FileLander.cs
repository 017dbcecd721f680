using System.Collections.Immutable;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;
using Strata.Runner.Events;
using Strata.Runner.Files;
using Strata.Runner.Files.Landing;
using Strata.Runner.Materializations;
using Strata.Runner.Planning;
using Strata.Runner.State;

namespace Strata.Runner.Execution;

/// <summary>
/// Brings the files of one source into the stage of the model that takes them in: rows that are none beside the
/// others, so that both are published in one transaction or not at all.
/// </summary>
internal sealed class FileLander(RunContext context, NodeStatements statements)
{
    private readonly ParquetLander _parquet = new(statements);
    private readonly RejectedStage _rejected = new(statements);

    /// <param name="known">What the model has read, by path; nothing in a full refresh.</param>
    /// <param name="before">What the model takes in of its other sources.</param>
    public async Task<LandedFiles> LandAsync(
        SessionPool.Lease lease,
        ConnectionRun on,
        PlannedNode planned,
        ModelNode model,
        SourceNode source,
        Dictionary<string, ConsumedFile> known,
        LandedFiles before,
        DiagnosticBag problems,
        CancellationToken cancellationToken
    )
    {
        var config = source.Files ?? throw new InvalidOperationException("a source without files");
        var batch = before.Batch ?? throw new InvalidOperationException("files without a batch");
        var landing = context.States.Landed[source.UniqueId];
        var choice = await FileChoice.MakeAsync(landing, known, cancellationToken);
        var policies = new FilePolicyCheck(model, source, config, problems);
        policies.Check(choice);
        if (problems.HasErrors)
            return before;

        var work = new LandingWork(
            lease,
            on,
            model,
            source,
            config,
            landing,
            choice.Read,
            batch.BatchId,
            before.Rejected.Length,
            context.Manifest.ProjectFolder
        );
        var progress = new LandingProgress(context, planned);
        var (rows, result) =
            config.Format == FileFormat.Parquet
                ? await _parquet.LandAsync(work, progress, cancellationToken)
                : await LandTextAsync(work, progress, cancellationToken);
        if (config.IsJson && policies.LosesUndeclared)
        {
            var keys = await JsonKeys.FindAsync(config, work.Files, cancellationToken);
            result = result with { Drift = [.. result.Drift, .. keys] };
        }
        policies.Check(result);
        if (problems.HasErrors)
            return before;

        var query = new LandedQuery(config, on.Dialect, rows);
        var rejected = await _rejected.FillAsync(work, query, cancellationToken);
        policies.Check(rejected.Rows, rejected.Samples);
        var marks = SourceMarks.Select(
            on.Dialect,
            LandedColumn.File,
            LandedColumn.Row,
            context.Plan.StartedAt,
            batch.BatchId
        );
        var replaces = config.OnChange == OnChangedFile.Replace ? choice.Changed : [];
        var deleted = config.OnVanish == OnVanishedFile.Delete ? choice.Vanished : [];
        return before with
        {
            Tables = before.Tables.Add(rows.Table),
            Batch = batch with
            {
                Queries = batch.Queries.Add(source.UniqueId, query.Rows(marks, rejected.HasMisfits)),
            },
            Records = [.. before.Records, .. result.Records, .. choice.Touched],
            Rejected = before.Rejected.Add(
                new RejectedRows(
                    source.UniqueId,
                    rejected.Table,
                    rejected.Rows,
                    [.. result.Unreadable.Select(bad => (bad.File.Path, bad.Reason))],
                    [.. choice.Read.Select(read => read.Path), .. deleted.Select(gone => gone.Path)]
                )
            ),
            Replaced =
            [
                .. before.Replaced,
                .. replaces.Select(changed => changed.Path),
                .. deleted.Where(gone => gone.IsRead).Select(gone => gone.Path),
            ],
            Forgotten = [.. before.Forgotten, .. deleted],
        };
    }

    private async Task<(LandedRows Rows, FileIntakeResult Result)> LandTextAsync(
        LandingWork work,
        IProgress<long> progress,
        CancellationToken cancellationToken
    )
    {
        var (config, on) = (work.Config, work.On);
        ImmutableArray<string> partitions = config.HivePartitions
            ? FilePartitions.NamesOf(work.Landing.Files)
            : [];
        ImmutableArray<string> declared =
        [
            .. config
                .Columns.Select(column => column.Name)
                .Where(name => !partitions.Contains(name, StringComparer.OrdinalIgnoreCase)),
        ];
        var fields =
            config.Format == FileFormat.Csv
                ? await FieldsAsync(work, declared, partitions, cancellationToken)
                : [];
        var rows = new LandedRows(
            on.Names.Landed(work.Model.Relation, work.Index),
            [.. fields, .. partitions],
            partitions
        );
        var columns = work
            .Lease.Session.MapColumns(LandingWriter.Columns(rows.Columns))
            .Select(column => $"{on.Dialect.QuoteIdentifier(column.Column.Name)} {column.Type}");
        var create = $"{StageScripts.CreateTemporary(on.Dialect, rows.Table)} ({string.Join(", ", columns)})";
        await statements.RunAsync(work.Lease, work.Model, new ModelStatement(create), cancellationToken);
        if (work.Files.IsEmpty)
            return (rows, new FileIntakeResult([], [], []));
        var reading = new TextLanding(work.Source, config, work.Model.UniqueId, work.BatchId, rows, declared);
        FileIntakeResult result;
        try
        {
            await using var writer = await LandingWriter.OpenAsync(
                work.Lease.Session,
                rows.Table,
                rows.Columns,
                cancellationToken
            );
            result = await reading.ReadAsync(writer, work.Files, progress, cancellationToken);
            await writer.CompleteAsync(cancellationToken);
        }
        catch (EngineException e)
        {
            work.Lease.IsBroken = true;
            throw new NodeFailedException(statements.Explain(e.Error, work.Model));
        }
        // what was read of a file before it turned out to be unreadable
        foreach (var some in result.Unreadable.Chunk(500))
        {
            var paths = string.Join(", ", some.Select(bad => on.Dialect.QuoteString(bad.File.Path)));
            var delete = $"delete from {on.Dialect.Quote(rows.Table)} where {LandedColumn.File} in ({paths})";
            await statements.RunAsync(work.Lease, work.Model, new ModelStatement(delete), cancellationToken);
        }
        return (rows, result);
    }

    /// <summary>The declared columns; those of the headers too, where the source takes them.</summary>
    private static async Task<ImmutableArray<string>> FieldsAsync(
        LandingWork work,
        ImmutableArray<string> declared,
        ImmutableArray<string> partitions,
        CancellationToken cancellationToken
    )
    {
        var takesOthers = declared.IsEmpty || work.Config.Undeclared == NewFileColumns.Add;
        if (!takesOthers || !work.Config.Csv.Header)
            return declared;
        // without a new file the columns are those of the newest that is there
        var files = work.Files.IsEmpty ? work.Landing.Files.TakeLast(1) : work.Files;
        var union = await CsvHeader.UnionAsync(work.Config, files, cancellationToken);
        var names = CsvLayout
            .Create(work.Config, union, declared, declared)
            .Undeclared.Where(name => !partitions.Contains(name, StringComparer.OrdinalIgnoreCase));
        return [.. declared, .. names];
    }

    /// <summary>Tells the observer how many rows have been read.</summary>
    private sealed class LandingProgress(RunContext context, PlannedNode node) : IProgress<long>
    {
        public void Report(long rows)
        {
            context.Failpoints.Hit(FailpointName.FilesMidway);
            context.Events.Raise(new NodeProgress(context.Now, node, rows));
        }
    }
}
