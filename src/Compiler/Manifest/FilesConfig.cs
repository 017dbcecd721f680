using System.Collections.Immutable;

namespace Strata.Compiler.Manifest;

/// <summary>A source that is files in a landing zone, read by the connection's own readers.</summary>
/// <param name="Path">A glob, relative to the project folder or absolute: <c>landing/events/**/*.jsonl</c>.</param>
/// <param name="HivePartitions">Whether <c>name=value</c> folders become columns.</param>
/// <param name="Columns">The declared columns with their types, in order. Json lines without declared
/// columns give the raw line only.</param>
public sealed record FilesConfig(
    string Path,
    FileFormat Format,
    bool HivePartitions,
    ImmutableArray<ColumnInfo> Columns
)
{
    public char Delimiter { get; init; } = ',';

    public bool Header { get; init; } = true;

    /// <summary>Texts that mean null in csv, such as <c>NA</c>.</summary>
    public ImmutableArray<string> NullTexts { get; init; } = [];
}

public enum FileFormat
{
    JsonLines,
    Csv,
    Parquet,
}
