using System.Collections.Immutable;
using Strata.Compiler.Manifest.Sources;
using Strata.Runner.Adapters.Bulk;
using Strata.Runner.Adapters.Errors;
using Strata.Runner.Files.Landing.Columns;
using Strata.Runner.Files.Reading;

namespace Strata.Runner.Files.Landing;

/// <summary>Opens the rows of text files for statements that read them in place, as often as one does.</summary>
internal sealed class InPlaceRows(
    FilesConfig config,
    LandedShape shape,
    ImmutableArray<LandedFile> files,
    BadContent bad
)
{
    private readonly bool _isStrict = bad is BadContent.IsError or BadContent.IsErrorInAllColumns;

    public IBatchReader Open(ImmutableArray<bool> wanted)
    {
        // an error shows the row
        ImmutableArray<bool> read = !_isStrict ? wanted : wanted.SetItem(LandedColumn.RawIndex, true);
        var rows = new LandedReader(config, shape, files, read, new Follower(bad.PassesUnreadable(config)));
        return _isStrict ? new StrictRows(rows) : rows;
    }

    private sealed class Follower(bool passesUnreadable) : ILandedFollower
    {
        public void Begin(LandedFile file, CsvLayout layout) { }

        public void Read(LandedFile file, string hash, long rows) { }

        public void CannotRead(LandedFile file, Exception reason)
        {
            if (!passesUnreadable)
                throw new EngineException(
                    LandedProblems.Error($"{file.Path}: {FileContent.Words(reason)}"),
                    reason
                );
        }

        public void Report(int rows, long bytes) { }
    }
}
