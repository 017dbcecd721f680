using System.Collections.Immutable;
using Strata.Compiler.Analysis.Rows;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;
using Strata.Compiler.Manifest.Models;
using Strata.Compiler.Manifest.Sources;
using Strata.Compiler.Sql;
using Strata.Runner.Files;
using Strata.Runner.Files.Landing;
using Strata.Runner.Files.Landing.Columns;
using Strata.Runner.Files.Landing.Typing;
using Strata.Runner.Materializations;
using Strata.Runner.State;
using Strata.Tests.Engine.Verdicts;

namespace Strata.Runner.Execution.Landing;

/// <summary>Holds what was found in a landing zone against what the source says should become of it.</summary>
internal sealed class FilePolicyCheck(
    ModelNode model,
    SourceNode source,
    FilesConfig config,
    Func<string, Node?> find,
    DiagnosticBag problems
)
{
    /// <summary>The engine's own reader reads the files for the model: there is no <c>_rescued</c>, and no column that is not declared.</summary>
    public bool IsReadByEngine { get; init; }

    /// <summary>The zone is as it was when the model was built last: which files are gone was said then.</summary>
    public bool IsZoneUnmoved { get; init; }

    private string Name => $"{source.SourceName}.{source.Name}";

    /// <summary>
    /// Columns that the source does not declare reach nobody: they are kept in a column that the model does not
    /// select, and nobody has said that they are to be left out.
    /// </summary>
    public bool LosesUndeclared =>
        Keeper is { } keeper && !config.Columns.IsEmpty && !ColumnMentions.Reads(model.Full.Text, keeper);

    /// <summary>Whether keys that are not declared reach nobody, of whatever depth.</summary>
    public bool LosesKeys =>
        config.IsJson
        && (
            LosesUndeclared
            || config.Columns.Any(column =>
                column.DataType is { } type && NestedType.Parse(type) is not null && LosesWithin(column.Name)
            )
        );

    /// <summary>Keys within a column that the model reads reach nobody: only the text of the row has them.</summary>
    public bool LosesWithin(string column) =>
        config is { IsJson: true, NewColumns: null or NewFileColumns.Rescue }
        && !ColumnMentions.Reads(model.Full.Text, "_raw")
        && ColumnMentions.Reads(model.Full.Text, column);

    /// <summary>
    /// The declared columns that the model reads, where a value that does not fit its type becomes null and nobody keeps what it was:
    /// the files are JSON, and the source does not say what becomes of it. Null where values are kept, or left out on purpose. That a line
    /// is none, which <c>_malformed</c> tells, is not what was in it.
    /// </summary>
    public ImmutableArray<string>? Watched =>
        config.IsJson
        && IsNullUnasked
        && (config.OnError == OnRowError.Fail || !ColumnMentions.Reads(model.Full.Text, "_raw"))
            ?
            [
                .. config
                    .Columns.Select(column => column.Name)
                    .Where(name =>
                        config.OnError == OnRowError.Fail || ColumnMentions.Reads(model.Full.Text, name)
                    ),
            ]
            : null;

    /// <summary>Nobody has said that values which do not fit are to be null. The engine's own reader can set no row aside.</summary>
    private bool IsNullUnasked =>
        config.OnError is null || IsReadByEngine && config.OnError != OnRowError.Keep;

    /// <summary>What is not declared is kept in a column of its own, and nobody has said that it is to be.</summary>
    private bool IsRescuedUnasked =>
        config is { NewColumns: null, Columns.IsEmpty: false } && Keeper == "_rescued";

    /// <summary>Where what is not declared is kept; null where it has a column of its own, or is left out on purpose.</summary>
    private string? Keeper =>
        config switch
        {
            { Format: FileFormat.Csv } when IsReadByEngine => null,
            { Format: FileFormat.Csv, Undeclared: NewFileColumns.Rescue } => "_rescued",
            { IsJson: true, NewColumns: NewFileColumns.Rescue } => "_rescued",
            { IsJson: true, NewColumns: null } => "_raw",
            _ => null,
        };

    /// <summary>A column of its own, with <c>new_columns: add</c>, reaches nobody who does not select it.</summary>
    private bool Loses(string undeclared) =>
        IsReadByEngine && config is { Format: FileFormat.Csv } ? config.Undeclared != NewFileColumns.Ignore
        : config is { Undeclared: NewFileColumns.Add, Columns.IsEmpty: false }
            ? !ColumnMentions.Reads(model.Full.Text, undeclared)
        : LosesUndeclared;

    public void Check(FileChoice choice)
    {
        if (config.OnChange == OnChangedFile.Fail)
        {
            foreach (var file in choice.Changed)
                problems.Add(InputDiagnostics.ChangedFile(model.Declaration, file.Path, model.Name));
        }
        CheckVanished(choice.Vanished);
        var option =
            config.OnChange == OnChangedFile.Replace && !choice.Changed.IsEmpty ? "on_change: replace"
            : config.OnVanish == OnVanishedFile.Delete && !choice.Vanished.IsEmpty ? "on_vanish: delete"
            : null;
        if (option is not null && WhyNotOfOneFile() is { } words)
            problems.Add(FileDiagnostics.CannotReplace(model.Declaration, model.Name, option, words));
    }

    /// <summary>Says which files are gone, where the source wants to know: once, until something else changes in the zone.</summary>
    public void CheckVanished(ImmutableArray<ConsumedFile> vanished)
    {
        if (config.OnVanish == OnVanishedFile.Warn && !vanished.IsEmpty && !IsZoneUnmoved)
        {
            problems.Add(
                FileDiagnostics.FilesVanished(
                    source.Declaration,
                    Name,
                    [.. vanished.Select(file => file.Path)]
                )
            );
        }
    }

    /// <summary>Why the rows of a file cannot be told by its path; null where nothing is known against it.</summary>
    private string? WhyNotOfOneFile()
    {
        if (model.Config.Strategy != IncrementalStrategy.Append)
            return $"its strategy is {IncrementalWriter.Words(model.Config.Strategy)}";
        var rows = FilesOfRows.Of(model, find);
        return rows.Joined is { } joined && find(joined.NodeId) is SourceNode other
                ? $"it joins '{other.SourceName}.{other.Name}' with other landed files, so that a row is made of several"
            : rows.MixTheirFiles
                ? $"its {FilesOfRows.FileColumn} names only one of the files that a row is made of"
            : null;
    }

    /// <param name="staying">Paths of unreadable files whose earlier versions were taken in, and stay.</param>
    /// <param name="isLeftOut">False where the model cannot be built without an unreadable file.</param>
    public void Check(FileIntakeResult result, IReadOnlySet<string> staying, bool isLeftOut)
    {
        foreach (var (file, reason) in result.Unreadable)
        {
            problems.Add(
                config.OnUnreadable == OnUnreadableFile.Fail || !isLeftOut
                    ? InputDiagnostics.UnreadableFile(source.Declaration, file.Path, reason)
                    : FileDiagnostics.FileQuarantined(
                        source.Declaration,
                        file.Path,
                        reason,
                        staying.Contains(file.Path)
                    )
            );
        }
        var (lost, within) = (new List<FileColumn>(), new List<FileColumn>());
        var rescued = new List<(FileColumn, long)>();
        foreach (var drift in result.Drift)
        {
            if (drift.Kind == DriftKind.Missing)
            {
                problems.Add(
                    FileDiagnostics.ColumnMissing(
                        source.Declaration,
                        Name,
                        drift.Column,
                        drift.Path,
                        drift.Files,
                        drift.Others
                    )
                );
            }
            else if (drift.Kind == DriftKind.UndeclaredWithin)
            {
                within.Add(new FileColumn(drift.Column, drift.Path, drift.Files));
            }
            else if (config is { Undeclared: NewFileColumns.Fail, Columns.IsEmpty: false })
            {
                problems.Add(
                    FileDiagnostics.ColumnUndeclared(
                        source.Declaration,
                        Name,
                        drift.Column,
                        drift.Path,
                        drift.Files
                    )
                );
            }
            else if (Loses(drift.Column))
            {
                lost.Add(new FileColumn(drift.Column, drift.Path, drift.Files));
            }
            else if (IsRescuedUnasked)
            {
                rescued.Add((new FileColumn(drift.Column, drift.Path, drift.Files), drift.Rows));
            }
        }
        if (rescued.Count > 0)
            problems.Add(TakenFileDiagnostics.ColumnsRescued(source.Declaration, Name, rescued));
        if (Keeper == "_raw")
        {
            Tell([.. lost, .. within], "_raw");
        }
        else
        {
            Tell(lost, Keeper);
            Tell(within, "_raw");
        }
        Check(result.Lost);
    }

    /// <summary>
    /// Files that are gone, and lie elsewhere now: to the model they are new, and it has their rows already. Of the same time, that is, which
    /// a file keeps when it is moved: deliveries that bring nothing new have the content of earlier ones, too. Or they have grown meanwhile, and begin
    /// with what they had.
    /// </summary>
    public async Task CheckMovedAsync(
        FileChoice choice,
        ImmutableArray<ConsumedFile> taken,
        CancellationToken cancellationToken
    )
    {
        // with a key there are no two rows of one
        if (!model.Config.UniqueKey.IsEmpty)
            return;
        var gone = choice
            .Vanished.Where(file => file is { IsRead: true, IsRefused: false })
            .GroupBy(file => (file.TakenHash, file.ModifiedAt))
            .ToDictionary(same => same.Key, same => same.ToList());
        if (gone.Count == 0)
            return;
        var changed = choice.Changed.Select(file => file.Path).ToHashSet();
        var read = choice.Read.ToDictionary(file => file.Path);
        var moves = ImmutableArray.CreateBuilder<(string From, string To)>();
        foreach (var file in taken.Where(file => file.IsRead && !changed.Contains(file.Path)))
        {
            if (!gone.TryGetValue((file.Hash, file.ModifiedAt), out var left) || left.Count == 0)
                continue;
            var name = Path.GetFileName(file.Path);
            var from = left.Find(old => Path.GetFileName(old.Path) == name) ?? left[0];
            // each of them was moved to one place
            left.Remove(from);
            if (await FileHeader.HasRowsAsync(config, read[file.Path], cancellationToken))
                moves.Add((from.Path, file.Path));
        }
        if (moves.Count > 0)
            problems.Add(
                TakenFileDiagnostics.FilesMoved(source.Declaration, model.Name, Name, moves.ToImmutable())
            );
        var moved = moves.Select(move => move.To).ToHashSet();
        var logs = await GrownElsewhere.FindAsync(
            config,
            gone.Values.SelectMany(files => files),
            taken
                .Where(file => file.IsRead && !changed.Contains(file.Path) && !moved.Contains(file.Path))
                .Select(file => read[file.Path]),
            cancellationToken
        );
        if (!logs.IsEmpty)
            problems.Add(
                TakenFileDiagnostics.FilesMovedAndGrown(
                    source.Declaration,
                    model.Name,
                    Name,
                    [.. logs.Select(log => (log.Value.Path, log.Key)).Order()]
                )
            );
    }

    /// <param name="refused">Files of which every row was rejected.</param>
    /// <param name="staying">Paths of files whose earlier version stays.</param>
    /// <param name="read">How many files were read.</param>
    /// <param name="known">What the model had taken in when the run began, also where it is built from nothing.</param>
    public void Check(
        ImmutableArray<RefusedFile> refused,
        IReadOnlySet<string> staying,
        int read,
        IEnumerable<ConsumedFile> known
    )
    {
        if (refused.IsEmpty)
            return;
        var taken = known
            .Where(file => file is { IsRead: true, IsRefused: false })
            .Select(file => file.Path)
            .ToHashSet();
        problems.Add(
            TakenFileDiagnostics.NoRowTakenIn(
                source.Declaration,
                model.Name,
                Name,
                [.. refused.Select(file => file.Path)],
                refused.Sum(file => file.Rows),
                [.. refused.Take(5).Select(file => file.Sample)],
                read,
                refused.Count(file => staying.Contains(file.Path)),
                refused.Count(file => taken.Contains(file.Path) && !staying.Contains(file.Path)),
                config.Format == FileFormat.Csv ? config.Csv.Header : null
            )
        );
    }

    private void Tell(List<FileColumn> lost, string? keeper)
    {
        if (lost.Count > 0)
            problems.Add(
                FileDiagnostics.ColumnsLost(
                    source.Declaration,
                    model.Name,
                    Name,
                    lost,
                    keeper,
                    IsReadByEngine
                )
            );
    }

    private void Check(LostValues? lost)
    {
        if (lost is not null && config.OnError == OnRowError.Fail)
            problems.Add(FileDiagnostics.RowsRefused(source.Declaration, Name, lost.Lines, lost.Samples));
        else if (lost is not null)
            problems.Add(
                FileDiagnostics.ValuesLost(
                    source.Declaration,
                    model.Name,
                    Name,
                    lost.Values,
                    lost.Rows,
                    lost.Samples,
                    isSetAside: !IsReadByEngine
                )
            );
    }

    /// <summary>Errors end the node here: nothing of it is staged.</summary>
    /// <param name="all">How many rows were read.</param>
    /// <param name="refused">Files of which every row was rejected, of which more is said.</param>
    public void Check(
        long rejected,
        long all,
        ImmutableArray<string> samples,
        ImmutableArray<RefusedFile> refused
    )
    {
        if (rejected == 0)
            return;
        if (config.RowErrors == OnRowError.Fail)
        {
            throw new NodeFailedException(
                FileDiagnostics.RowsRefused(source.Declaration, Name, rejected, samples)
            );
        }
        if (config.ErrorIf is { } limit && new Threshold(limit).Holds(rejected, all))
        {
            throw new NodeFailedException(
                FileDiagnostics.TooManyRowsRefused(source.Declaration, Name, rejected, all, limit, samples)
            );
        }
        if (rejected > refused.Sum(file => file.Rows))
            problems.Add(FileDiagnostics.RowsQuarantined(source.Declaration, Name, rejected, samples));
    }
}
