using System.Collections.Immutable;
using Strata.Compiler.Manifest;
using Strata.Compiler.Project.Configuration;
using Strata.Compiler.Project.Yaml;
using Strata.Compiler.Text;

namespace Strata.Compiler.Project.Properties;

/// <summary><c>files:</c> of a source: a landing zone.</summary>
internal sealed record FilesDeclaration(SourceSpan Span)
{
    public string? Path { get; init; }

    public FileFormat? Format { get; init; }

    public bool HivePartitions { get; init; }

    public ImmutableArray<ColumnDeclaration> Columns { get; init; } = [];

    public char Delimiter { get; init; } = ',';

    public bool Header { get; init; } = true;

    public ImmutableArray<string> NullTexts { get; init; } = [];

    public static readonly YamlObject<FilesDeclaration> Shape = new YamlObject<FilesDeclaration>(
        "files",
        "files",
        span => new FilesDeclaration(span)
    )
        .Required(
            "path",
            "A glob, relative to the project: landing/events/**/*.jsonl",
            YamlScalars.Text,
            (f, v) => f with { Path = v }
        )
        .Required(
            "format",
            "How the files are written.",
            ConfigWords.FileFormat,
            (f, v) => f with { Format = v }
        )
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
            "delimiter",
            "The character between values (csv).",
            YamlScalars.Character,
            (f, v) => f with { Delimiter = v }
        )
        .Optional(
            "header",
            "Whether the first line names the columns (csv).",
            YamlScalars.Boolean,
            (f, v) => f with { Header = v }
        )
        .Optional(
            "null_texts",
            "Texts that mean null (csv).",
            YamlCollections.Texts,
            (f, v) => f with { NullTexts = v }
        );
}
