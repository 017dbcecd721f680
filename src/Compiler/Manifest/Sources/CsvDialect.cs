using System.Collections.Immutable;

namespace Strata.Compiler.Manifest.Sources;

/// <summary>How the csv files of a source are written.</summary>
public sealed record CsvDialect
{
    /// <summary>Between values; one or several characters.</summary>
    public string Delimiter { get; init; } = ",";

    public bool Header { get; init; } = true;

    /// <summary>Around values that hold delimiters or line ends; null for none.</summary>
    public char? Quote { get; init; } = '"';

    /// <summary>In front of a quote that belongs to the value; the quote itself by default.</summary>
    public char? Escape { get; init; }

    /// <summary>Lines before the header.</summary>
    public int SkipLines { get; init; }

    /// <summary>Lines that begin with it are no rows.</summary>
    public char? Comment { get; init; }

    /// <summary>Between rows; null for any kind of line end.</summary>
    public string? RowTerminator { get; init; }

    /// <summary>Texts that mean null, such as <c>NA</c>, besides the empty one.</summary>
    public ImmutableArray<string> NullTexts { get; init; } = [];

    public char DecimalSeparator { get; init; } = '.';

    /// <summary>A strptime format of columns with type date.</summary>
    public string? DateFormat { get; init; }

    /// <summary>A strptime format of columns with type timestamp.</summary>
    public string? TimestampFormat { get; init; }
}
