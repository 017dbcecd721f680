using System.Collections.Immutable;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Text;
using Strata.Runner.Adapters.Bulk;
using Strata.Runner.Events;
using Strata.Runner.Execution;
using Strata.Runner.Execution.Landing;
using Strata.Runner.Files.Landing.Columns;
using Strata.Runner.Files.Reading;
using Strata.Runner.State;

namespace Strata.Runner.Files.Landing;

/// <summary>
/// The csv, JSON and text files that a model takes in, as rows that the engine reads as they come. They are read
/// twice, which costs less than keeping them: first all to their end, to know which files and rows are none, then
/// as often as the model's query wants those that are good.
/// </summary>
internal sealed class TextLanding(LandingWork work, LandedShape shape, IProgress<LandingStep> progress)
{
    private readonly Dictionary<string, string> _hashes = [];
    private readonly Dictionary<string, long> _rowsByFile = [];
    private readonly List<(LandedFile File, string Reason)> _unreadable = [];
    private readonly DriftNotes _drift = new();
    private readonly long _size = work.Files.Sum(file => file.Size);
    private FileIntakeResult? _result;
    private long _rows;

    /// <summary>The examination first; once it is settled, the good files.</summary>
    public IBatchReader Open(ImmutableArray<bool> wanted) =>
        _result is null
            ? new LandedReader(work.Config, shape, work.Files, wanted, new Examination(this))
            : new LandedReader(
                work.Config,
                shape,
                [.. work.Files.Where(file => _hashes.ContainsKey(file.Path))],
                wanted,
                new Delivery(this)
            );

    /// <summary>What the examination has found.</summary>
    public FileIntakeResult Settle() =>
        _result ??= new FileIntakeResult(
            [
                .. work.Files.Select(file => new ConsumedFile(
                    work.Source.UniqueId,
                    work.Model.UniqueId,
                    file.Path,
                    file.Size,
                    file.ModifiedAt,
                    _hashes.GetValueOrDefault(file.Path, ""),
                    work.BatchId
                )),
            ],
            [.. _unreadable],
            _drift.ToResult()
        )
        {
            Rows = _rows,
            RowsByFile = _rowsByFile,
        };

    private void Report(string step, long rows, long bytes) =>
        progress.Report(new LandingStep(rows, new FileProgress(step, bytes, _size)));

    private sealed class Examination(TextLanding landing) : ILandedFollower
    {
        private CsvLayout? _layout;

        public void Begin(LandedFile file, CsvLayout layout) => _layout = layout;

        public void Read(LandedFile file, string hash, long rows)
        {
            landing._hashes[file.Path] = hash;
            landing._rowsByFile[file.Path] = rows;
            // only now: the columns of a file that ends too early are nobody's
            landing._drift.Add(DriftKind.Missing, _layout?.Missing ?? [], file.Path);
            landing._drift.Add(DriftKind.Undeclared, _layout?.Undeclared ?? [], file.Path, rows);
            _layout = null;
        }

        public void CannotRead(LandedFile file, Exception reason)
        {
            landing._unreadable.Add((file, FileContent.Words(reason)));
            _layout = null;
        }

        public void Report(int rows, long bytes) => landing.Report("checking", landing._rows += rows, bytes);
    }

    private sealed class Delivery(TextLanding landing) : ILandedFollower
    {
        private long _rows;

        public void Begin(LandedFile file, CsvLayout layout) { }

        public void Read(LandedFile file, string hash, long rows)
        {
            if (landing._hashes[file.Path] != hash)
                CannotRead(file, new IOException("it changed while it was read"));
        }

        public void CannotRead(LandedFile file, Exception reason) =>
            throw new NodeFailedException(
                InputDiagnostics.UnreadableFile(landing.Declaration, file.Path, FileContent.Words(reason))
            );

        public void Report(int rows, long bytes) => landing.Report("reading", _rows += rows, bytes);
    }

    private SourceSpan Declaration => work.Source.Declaration;
}
