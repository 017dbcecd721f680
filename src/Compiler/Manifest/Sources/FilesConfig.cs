using System.Collections.Immutable;

namespace Strata.Compiler.Manifest.Sources;

/// <summary>A source that is files in a landing zone.</summary>
/// <param name="Path">A glob, relative to the project folder or absolute: <c>landing/events/**/*.jsonl</c>.</param>
/// <param name="HivePartitions">Whether <c>name=value</c> folders become columns.</param>
/// <param name="Columns">The declared columns with their types, in order. JSON without declared columns gives
/// the raw text only; csv without them gives every column of the headers as text.</param>
public sealed record FilesConfig(
    string Path,
    FileFormat Format,
    bool HivePartitions,
    ImmutableArray<ColumnInfo> Columns
)
{
    /// <summary>How csv is written.</summary>
    public CsvDialect Csv { get; init; } = new();

    /// <summary>The characters of csv, text and JSON.</summary>
    public FileEncoding Encoding { get; init; }

    /// <summary>By declared column: other names that it has in headers.</summary>
    public ImmutableSortedDictionary<string, ImmutableArray<string>> Aliases { get; init; } =
        ImmutableSortedDictionary<string, ImmutableArray<string>>.Empty;

    /// <summary>What becomes of a row that cannot be read or does not fit its types; null is the format's default.</summary>
    public OnRowError? OnError { get; init; }

    /// <summary>
    /// How many rows that cannot be taken in are too many: a comparison of their number, or with a per cent sign of their share of all rows
    /// that a run reads. Null where they never are.
    /// </summary>
    public string? ErrorIf { get; init; }

    public OnUnreadableFile OnUnreadable { get; init; }

    /// <summary>What becomes of a file that has other content than when it was taken in.</summary>
    public OnChangedFile OnChange { get; init; }

    /// <summary>What becomes of the rows of a file that is no longer there.</summary>
    public OnVanishedFile OnVanish { get; init; }

    /// <summary>Whether rows that were taken in may leave again with their file.</summary>
    public bool TakesRowsAway => OnChange == OnChangedFile.Replace || OnVanish == OnVanishedFile.Delete;

    /// <summary>What becomes of columns that are not declared; null is the format's default.</summary>
    public NewFileColumns? NewColumns { get; init; }

    public bool IsJson => Format is FileFormat.JsonLines or FileFormat.Json;

    /// <summary>
    /// A JSON text that is none stays a row with <c>_malformed</c> set, because <c>_raw</c> has a place for all
    /// of it; a bad row of another format has no place but the quarantine.
    /// </summary>
    public OnRowError RowErrors => OnError ?? (IsJson ? OnRowError.Keep : OnRowError.Quarantine);

    /// <summary>JSON has everything in <c>_raw</c>; of csv what is not declared is kept aside.</summary>
    public NewFileColumns Undeclared =>
        NewColumns ?? (Format == FileFormat.Csv ? NewFileColumns.Rescue : NewFileColumns.Ignore);
}
