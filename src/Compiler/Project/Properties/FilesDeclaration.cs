using System.Collections.Immutable;
using Strata.Compiler.Manifest.Sources;
using Strata.Compiler.Project.Configuration;
using Strata.Compiler.Project.Yaml;
using Strata.Compiler.Text;

namespace Strata.Compiler.Project.Properties;

/// <summary><c>files:</c> of a source: a landing zone. What is null was not written.</summary>
internal sealed record FilesDeclaration(SourceSpan Span)
{
    public YamlScalar? Path { get; init; }

    public FileFormat? Format { get; init; }

    public bool HivePartitions { get; init; }

    public ImmutableArray<ColumnDeclaration> Columns { get; init; } = [];

    public ImmutableSortedDictionary<string, ImmutableArray<string>>? Aliases { get; init; }

    public FileEncoding? Encoding { get; init; }

    public OnRowError? OnError { get; init; }

    public string? ErrorIf { get; init; }

    public OnUnreadableFile OnUnreadable { get; init; }

    public OnChangedFile OnChange { get; init; }

    public OnVanishedFile OnVanish { get; init; }

    public NewFileColumns? NewColumns { get; init; }

    public string? Delimiter { get; init; }

    public bool? Header { get; init; }

    public string? Quote { get; init; }

    public char? Escape { get; init; }

    public long? SkipLines { get; init; }

    public char? Comment { get; init; }

    public string? RowTerminator { get; init; }

    public ImmutableArray<string>? NullTexts { get; init; }

    public char? DecimalSeparator { get; init; }

    public string? DateFormat { get; init; }

    public string? TimestampFormat { get; init; }

    public static readonly YamlObject<FilesDeclaration> Shape = new YamlObject<FilesDeclaration>(
        "files",
        "files",
        span => new FilesDeclaration(span)
    )
        .Required(
            "path",
            "A glob, relative to the project: landing/events/**/*.jsonl",
            YamlScalars.Placed,
            (f, v) => f with { Path = v }
        )
        .Required("format", "The format of the files.", FileWords.Format, (f, v) => f with { Format = v })
        .Optional(
            "hive_partitions",
            "Whether folders named name=value become columns.",
            YamlScalars.Boolean,
            (f, v) => f with { HivePartitions = v }
        )
        .Optional(
            "columns",
            "The columns to read, with their types.",
            YamlCollections.ListOf(ColumnDeclaration.Shape),
            (f, v) => f with { Columns = v }
        )
        .Optional(
            "aliases",
            "By column: other names that headers may have for it.",
            YamlCollections.MapOf(YamlCollections.Texts),
            (f, v) => f with { Aliases = v }
        )
        .Optional(
            "encoding",
            "The character encoding (csv, text, json). A byte order mark is accepted with all of them.",
            FileWords.Encoding,
            (f, v) => f with { Encoding = v }
        )
        .Optional(
            "on_error",
            "What happens to a row that cannot be read or does not fit its types.",
            FileWords.OnError,
            (f, v) => f with { OnError = v }
        )
        .Optional(
            "error_if",
            "How many rows that cannot be taken in stop the model: \"> 100\", or of all rows that a run reads \"> 1%\".",
            YamlScalars.Text,
            (f, v) => f with { ErrorIf = v }
        )
        .Optional(
            "on_unreadable",
            "What happens to a file that cannot be read to its end.",
            FileWords.OnUnreadable,
            (f, v) => f with { OnUnreadable = v }
        )
        .Optional(
            "on_change",
            "What happens with a file that changed after it was taken in.",
            FileWords.OnChange,
            (f, v) => f with { OnChange = v }
        )
        .Optional(
            "on_vanish",
            "What happens to the rows of a file that is no longer there.",
            FileWords.OnVanish,
            (f, v) => f with { OnVanish = v }
        )
        .Optional(
            "new_columns",
            "What happens to columns that are not declared (csv, parquet, json).",
            FileWords.NewColumns,
            (f, v) => f with { NewColumns = v }
        )
        .Optional(
            "delimiter",
            "One or more characters between values (csv).",
            YamlScalars.Text,
            (f, v) => f with { Delimiter = v }
        )
        .Optional(
            "header",
            "Whether the first line names the columns (csv).",
            YamlScalars.Boolean,
            (f, v) => f with { Header = v }
        )
        .Optional(
            "quote",
            "The character around values that contain delimiters or line ends; empty for none (csv).",
            YamlScalars.Text,
            (f, v) => f with { Quote = v }
        )
        .Optional(
            "escape",
            "The character in front of a quote that belongs to the value (csv).",
            YamlScalars.Character,
            (f, v) => f with { Escape = v }
        )
        .Optional(
            "skip_lines",
            "Lines before the header (csv).",
            YamlScalars.Integer,
            (f, v) => f with { SkipLines = v }
        )
        .Optional(
            "comment",
            "Lines that begin with this character are skipped (csv).",
            YamlScalars.Character,
            (f, v) => f with { Comment = v }
        )
        .Optional(
            "row_terminator",
            "Characters between rows, if not a line end (csv).",
            YamlScalars.Text,
            (f, v) => f with { RowTerminator = v }
        )
        .Optional(
            "null_texts",
            "Texts that mean null, in addition to the empty one (csv).",
            YamlCollections.Texts,
            (f, v) => f with { NullTexts = v }
        )
        .Optional(
            "decimal_separator",
            "The decimal point of numbers (csv).",
            FileWords.DecimalSeparator,
            (f, v) => f with { DecimalSeparator = v }
        )
        .Optional(
            "date_format",
            "A strptime format for columns of type date (csv).",
            YamlScalars.Text,
            (f, v) => f with { DateFormat = v }
        )
        .Optional(
            "timestamp_format",
            "A strptime format for columns of type timestamp (csv).",
            YamlScalars.Text,
            (f, v) => f with { TimestampFormat = v }
        );
}
