using System.Collections.Immutable;

namespace Strata.Runner.Files.Landing.Columns;

/// <summary>Notes which columns of which files are not the declared ones: once a column, however many files there are.</summary>
internal sealed class DriftNotes
{
    private readonly Dictionary<(DriftKind, string), (string Path, int Files)> _notes = [];

    public void Add(DriftKind kind, IEnumerable<string> columns, string path)
    {
        foreach (var column in columns)
        {
            var note = _notes.GetValueOrDefault((kind, column), (path, 0));
            _notes[(kind, column)] = (note.Item1, note.Item2 + 1);
        }
    }

    public ImmutableArray<FileDrift> ToResult() =>
        [
            .. _notes.Select(note => new FileDrift(
                note.Key.Item1,
                note.Key.Item2,
                note.Value.Path,
                note.Value.Files
            )),
        ];
}
