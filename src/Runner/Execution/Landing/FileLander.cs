using System.Collections.Immutable;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;
using Strata.Compiler.Manifest.Sources;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;
using Strata.Runner.Events;
using Strata.Runner.Files;
using Strata.Runner.Files.Landing;
using Strata.Runner.Files.Landing.Columns;
using Strata.Runner.Materializations;
using Strata.Runner.Planning;
using Strata.Runner.State;
using Strata.Runner.State.Rejected;
using Strata.Runner.State.Tables;

namespace Strata.Runner.Execution.Landing;

/// <summary>
/// Brings the files of one source into the stage of the model that reads them. Rejected rows are staged beside the good ones, so
/// that both are published in one transaction or not at all.
/// </summary>
internal sealed class FileLander(RunContext context, NodeStatements statements)
{
    private readonly ParquetLander _parquet = new(statements);
    private readonly RejectedStage _rejected = new(statements);

    /// <param name="known">What the model has read, by path; nothing in a full refresh.</param>
    /// <param name="remembered">The columns of what the model has read last, if it has.</param>
    /// <param name="before">What the model takes in of its other sources.</param>
    public async Task<LandedFiles> LandAsync(
        SessionPool.Lease lease,
        ConnectionRun on,
        PlannedNode planned,
        ModelNode model,
        SourceNode source,
        Dictionary<string, ConsumedFile> known,
        LandedColumns? remembered,
        LandedFiles before,
        DiagnosticBag problems,
        CancellationToken cancellationToken
    )
    {
        var config = source.Files ?? throw new InvalidOperationException("a source without files");
        var batch = before.Batch ?? throw new InvalidOperationException("files without a batch");
        var landing = context.States.Landed[source.UniqueId];
        var choice = await FileChoice.MakeAsync(landing, known, cancellationToken);
        var policies = new FilePolicyCheck(
            model,
            source,
            config,
            context.Manifest.Nodes.GetValueOrDefault,
            problems
        )
        {
            IsZoneUnmoved = context.IsUnmoved(model, source),
        };
        policies.Check(choice);
        if (problems.HasErrors)
            return before;

        if (
            choice is { Read.IsEmpty: true, Touched.IsEmpty: true, Vanished.IsEmpty: true }
            && await CountWaitingAsync(lease, on, model, source, landing, cancellationToken)
                is > 0
                    and var waiting
        )
            problems.Add(
                TakenFileDiagnostics.RowsWait(
                    source.Declaration,
                    $"{source.SourceName}.{source.Name}",
                    model.Name,
                    waiting
                )
            );
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
        )
        {
            Newest = choice.Newest,
            Remembered = remembered,
            Watched = policies.Watched,
        };
        var progress = new LandingProgress(context, planned);
        var (query, result, columns) =
            config.Format == FileFormat.Parquet
                ? await LandParquetAsync(work, progress, cancellationToken)
                : await ExamineTextAsync(work, progress, cancellationToken);
        if (policies.LosesKeys)
        {
            var keys = await JsonKeys.FindAsync(
                config,
                work.Files.Except(result.Unreadable.Select(bad => bad.File)),
                policies.LosesWithin,
                cancellationToken
            );
            result = result with { Drift = [.. result.Drift, .. keys] };
        }
        // a version that cannot be read takes nobody's place
        var unreadable = result.Unreadable.Select(bad => bad.File.Path).ToHashSet();
        var changed = choice.Changed.RemoveAll(file => unreadable.Contains(file.Path));
        var staying = choice.Changed.Select(file => file.Path).Where(unreadable.Contains).ToHashSet();
        policies.Check(result, staying, isLeftOut: !HasNoColumns(work, result));
        if (problems.HasErrors)
            return before;

        var rejected = await _rejected.CountAsync(work, query, result.RowsByFile, cancellationToken);
        policies.Check(rejected.Rows, result.Rows, rejected.Samples, rejected.Refused);
        var refused = rejected.Refused.ToDictionary(file => file.Path);
        // nor does one of which every row was rejected
        ImmutableArray<RefusedFile> outdating =
        [
            .. changed.Select(file => refused.GetValueOrDefault(file.Path)).OfType<RefusedFile>(),
        ];
        changed = changed.RemoveAll(file => refused.ContainsKey(file.Path));
        staying.UnionWith(outdating.Select(file => file.Path));
        await _rejected.LeaveOutAsync(work, outdating.Select(file => file.Path), cancellationToken);
        policies.Check(
            rejected.Refused,
            staying,
            choice.Read.Length,
            FileSelection.Consumed(context.States, model, landing)
        );
        var marks = SourceMarks.Select(
            on.Dialect,
            LandedColumn.File,
            LandedColumn.Row,
            context.Plan.StartedAt,
            batch.BatchId
        );
        var replaces = config.OnChange == OnChangedFile.Replace ? changed : [];
        var deleted = config.OnVanish == OnVanishedFile.Delete ? choice.Vanished : [];
        RefuseShared(model, source, replaces.Select(file => file.Path), "on_change: replace", problems);
        RefuseShared(
            model,
            source,
            deleted.Where(gone => gone.IsRead).Select(gone => gone.Path),
            "on_vanish: delete",
            problems
        );
        if (problems.HasErrors)
            return before;
        if (config.OnVanish != OnVanishedFile.Delete)
            await policies.CheckMovedAsync(choice, result.Records, cancellationToken);
        return before with
        {
            Batch = batch with
            {
                Queries = batch.Queries.Add(source.UniqueId, query.Rows(marks, rejected.HasMisfits)),
            },
            Records =
            [
                .. before.Records,
                .. result.Records.Select(record =>
                    staying.Contains(record.Path) ? known[record.Path].StaysInsteadOf(record)
                    : refused.ContainsKey(record.Path) ? record.Refused()
                    : record
                ),
                .. choice.Touched,
            ],
            Rejected = before.Rejected.Add(
                new RejectedRows(
                    source.UniqueId,
                    rejected.Table,
                    rejected.Rows - outdating.Sum(file => file.Rows),
                    [
                        .. result.Unreadable.Select(bad => (bad.File.Path, bad.Reason)),
                        .. outdating.Select(file => (file.Path, file.Words)),
                    ],
                    [
                        .. choice.Read.Select(read => read.Path).Where(path => !staying.Contains(path)),
                        .. deleted.Select(gone => gone.Path),
                    ]
                )
                {
                    Retold = [.. staying, .. choice.Touched.Select(file => file.Path)],
                }
            ),
            Replaced =
            [
                .. before.Replaced,
                .. replaces.Select(file => file.Path),
                .. deleted.Where(gone => gone.IsRead).Select(gone => gone.Path),
            ],
            Forgotten = [.. before.Forgotten, .. deleted],
            Columns = columns is null ? before.Columns : before.Columns.Add(columns),
        };
    }

    /// <summary>
    /// How many rows could not be taken in, where all files are as they were and only the declaration of the source has changed: whoever has
    /// corrected a type expects them.
    /// </summary>
    private async Task<long> CountWaitingAsync(
        SessionPool.Lease lease,
        ConnectionRun on,
        ModelNode model,
        SourceNode source,
        LandingZone landing,
        CancellationToken cancellationToken
    )
    {
        var version = context.Versions.StateOf(model.UniqueId)?.Inputs.GetValueOrDefault(source.UniqueId);
        if (version is null || version == landing.Version)
            return 0;
        var rows = await statements.QueryAsync(
            lease,
            model,
            $"select count(*) from {on.Dialect.Quote(RejectedTable.Name)} "
                + $"where consumer = {on.Dialect.QuoteString(model.UniqueId)} and source = {on.Dialect.QuoteString(source.UniqueId)} and line is not null",
            1,
            cancellationToken
        );
        return rows.ScalarLong;
    }

    /// <summary>
    /// Rows are replaced by the path of their file. Another source of the model that has taken it in, too, and does not do the same to it
    /// now would lose its rows.
    /// </summary>
    private void RefuseShared(
        ModelNode model,
        SourceNode source,
        IEnumerable<string> replaced,
        string option,
        DiagnosticBag problems
    )
    {
        var paths = replaced.ToHashSet();
        if (paths.Count == 0)
            return;
        foreach (var id in context.Graph.InputsOf(model))
        {
            if (
                id == source.UniqueId
                || context.Manifest.Find<SourceNode>(id) is not { Files: { } others } other
                || other.Connection != model.Connection
            )
                continue;
            var landed = context.States.Landed[id];
            var there = landed.Files.ToDictionary(file => file.Path);
            var shared = FileSelection
                .Consumed(context.States, model, landed)
                .FirstOrDefault(file => file.IsRead && paths.Contains(file.Path) && !IsReplaced(file));
            if (shared is not null)
                problems.Add(
                    FileDiagnostics.CannotReplaceShared(
                        model.Declaration,
                        model.Name,
                        option,
                        shared.Path,
                        $"{other.SourceName}.{other.Name}"
                    )
                );

            bool IsReplaced(ConsumedFile file) =>
                there.TryGetValue(file.Path, out var now)
                    ? others.OnChange == OnChangedFile.Replace
                        && (now.Size != file.Size || now.ModifiedAt != file.ModifiedAt)
                    : others.OnVanish == OnVanishedFile.Delete;
        }
    }

    // without declared columns they are those of the files
    private static bool HasNoColumns(LandingWork work, FileIntakeResult result) =>
        work.Config is { Format: FileFormat.Csv or FileFormat.Parquet, Columns.IsEmpty: true }
        && work is { Newest: null, Remembered: null }
        && result.Unreadable.Length == work.Files.Length;

    private async Task<(LandedQuery Query, FileIntakeResult Result, LandedColumns? Found)> LandParquetAsync(
        LandingWork work,
        IProgress<LandingStep> progress,
        CancellationToken cancellationToken
    )
    {
        var (rows, result, found) = await _parquet.LandAsync(work, progress, cancellationToken);
        var query = new LandedQuery(work.Config, work.On.Dialect, rows);
        await _rejected.FillAsync(work, query, cancellationToken);
        return (query, result, found);
    }

    /// <summary>
    /// Reads all files to their end to find the rejected rows. Good rows are not kept: the model's query reads them
    /// again.
    /// </summary>
    private async Task<(LandedQuery Query, FileIntakeResult Result, LandedColumns? Found)> ExamineTextAsync(
        LandingWork work,
        IProgress<LandingStep> progress,
        CancellationToken cancellationToken
    )
    {
        var config = work.Config;
        var partitions = work.Partitions;
        ImmutableArray<string> declared =
        [
            .. config
                .Columns.Select(column => column.Name)
                .Where(name => !partitions.Contains(name, StringComparer.OrdinalIgnoreCase)),
        ];
        var own = await FieldsAsync(work.Files);
        // without a new file that can be read, the columns are those of the newest that was taken in, if it is still there
        var old = work.Newest is { } newest
            ? await FieldsAsync([newest])
            : RememberedFields(work, declared, partitions);
        ImmutableArray<string> fields = [.. own, .. old.Except(own, StringComparer.OrdinalIgnoreCase)];
        var shape = new LandedShape(declared, fields, partitions);
        var landing = new TextLanding(work, shape, progress);
        var streamed =
            work.Lease.Session.StreamedRows
            ?? throw new InvalidOperationException(
                $"the adapter of connection '{work.On.Name}' says that it reads files, and its sessions have no streamed rows"
            );
        var table = streamed.Offer(shape.Columns, landing.Open);
        work.Lease.Own(table);
        var query = QueryOf(fields);
        await _rejected.FillAsync(work, query, cancellationToken);
        var result = landing.Settle();
        // what was read of a file before it turned out to be unreadable
        await _rejected.LeaveOutAsync(
            work,
            result.Unreadable.Select(bad => bad.File.Path),
            cancellationToken
        );
        result = result with { Lost = await _rejected.TakeLostAsync(work, cancellationToken) };
        var taken = work.Files.RemoveRange(result.Unreadable.Select(bad => bad.File));
        var columns =
            taken.IsEmpty ? old
            : result.Unreadable.IsEmpty ? own
            : await FieldsAsync(taken);
        var found = taken.IsEmpty
            ? null
            : work.Found(columns.Select(name => new ColumnSchema(name, "varchar")));
        return (QueryOf(columns), result, found);

        async Task<ImmutableArray<string>> FieldsAsync(ImmutableArray<LandedFile> files) =>
            config.Format == FileFormat.Csv
                ? await CsvFieldsAsync(config, files, declared, partitions, cancellationToken)
                : [];

        LandedQuery QueryOf(ImmutableArray<string> columns) =>
            new(
                config,
                work.On.Dialect,
                new LandedRows(table.Expression, [.. columns, .. partitions], partitions)
            );
    }

    private static ImmutableArray<string> RememberedFields(
        LandingWork work,
        ImmutableArray<string> declared,
        ImmutableArray<string> partitions
    ) =>
        work.Config.Format != FileFormat.Csv ? []
        : !TakesOthers(work.Config, declared) ? declared
        :
        [
            .. declared
                .Concat(work.Remembered?.Fields.Select(field => field.Name) ?? [])
                .Distinct(StringComparer.OrdinalIgnoreCase)
                .Except(partitions, StringComparer.OrdinalIgnoreCase),
        ];

    private static bool TakesOthers(FilesConfig config, ImmutableArray<string> declared) =>
        config.Csv.Header && (declared.IsEmpty || config.Undeclared == NewFileColumns.Add);

    /// <summary>The declared columns; those of the headers too, where the source takes them.</summary>
    private static async Task<ImmutableArray<string>> CsvFieldsAsync(
        FilesConfig config,
        ImmutableArray<LandedFile> files,
        ImmutableArray<string> declared,
        ImmutableArray<string> partitions,
        CancellationToken cancellationToken
    )
    {
        if (!TakesOthers(config, declared))
            return declared;
        var union = await CsvHeader.UnionAsync(config, files, cancellationToken);
        var names = CsvLayout
            .Create(config, union, declared, declared)
            .Undeclared.Where(name => !partitions.Contains(name, StringComparer.OrdinalIgnoreCase));
        return [.. declared, .. names];
    }

    /// <summary>Tells the observer how far the files have been read, not too often.</summary>
    private sealed class LandingProgress(RunContext context, PlannedNode node) : IProgress<LandingStep>
    {
        private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
        private DateTimeOffset _next;

        public void Report(LandingStep value)
        {
            context.Failpoints.Hit(FailpointName.FilesMidway);
            var now = context.Now;
            if (now < _next)
                return;
            _next = now + Pause;
            context.Events.Raise(new NodeProgress(now, node, value.Rows) { Files = value.Files });
        }
    }
}
