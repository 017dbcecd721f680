namespace Strata.Compiler.Manifest.Sources;

public enum FileFormat
{
    /// <summary>A JSON value a line.</summary>
    JsonLines,

    Csv,

    Parquet,

    /// <summary>An array of objects, one object, or several values behind each other, over any number of lines.</summary>
    Json,

    /// <summary>Raw lines, of a log say, in one column <c>line</c>.</summary>
    Text,
}
