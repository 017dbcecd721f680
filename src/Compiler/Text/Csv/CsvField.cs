namespace Strata.Compiler.Text.Csv;

/// <param name="Value">Null where nothing stands between the delimiters; a quoted nothing is an empty text.</param>
/// <param name="Span">Where it stands, quotes included.</param>
public readonly record struct CsvField(string? Value, TextSpan Span);
