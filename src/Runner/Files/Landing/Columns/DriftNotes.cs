using System.Collections.Immutable;

namespace Strata.Runner.Files.Landing.Columns;

/// <summary>Notes which columns of which files are not the declared ones: once a column, however many files there are.</summary>
internal sealed class DriftNotes
{
    private readonly Dictionary<(DriftKind Kind, string Column), Note> _notes = [];

    /// <summary>By the first file that lacks a column: what it has that is not declared.</summary>
    private readonly Dictionary<string, List<string>> _others = [];

    /// <summary>Of a file, what it lacks is noted before what it has besides.</summary>
    /// <param name="rows">How many the file has.</param>
    public void Add(DriftKind kind, IEnumerable<string> columns, string path, long rows = 0)
    {
        foreach (var column in columns)
        {
            var isKnown = _notes.TryGetValue((kind, column), out var note);
            _notes[(kind, column)] = isKnown
                ? note with
                {
                    Files = note.Files + 1,
                    Rows = note.Rows + rows,
                }
                : new Note(path, 1, rows);
            if (kind == DriftKind.Missing && !isKnown)
                _others.TryAdd(path, []);
            else if (kind == DriftKind.Undeclared && _others.TryGetValue(path, out var others))
                others.Add(column);
        }
    }

    public ImmutableArray<FileDrift> ToResult() =>
        [
            .. _notes.Select(note => new FileDrift(
                note.Key.Kind,
                note.Key.Column,
                note.Value.Path,
                note.Value.Files
            )
            {
                Rows = note.Value.Rows,
                Others = note.Key.Kind == DriftKind.Missing ? [.. _others[note.Value.Path]] : [],
            }),
        ];

    private readonly record struct Note(string Path, int Files, long Rows);
}
