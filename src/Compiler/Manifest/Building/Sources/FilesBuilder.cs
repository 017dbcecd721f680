using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest.Building.Fingerprints;
using Strata.Compiler.Manifest.Sources;
using Strata.Compiler.Project.Properties;

namespace Strata.Compiler.Manifest.Building.Sources;

/// <summary>Makes a <see cref="FilesConfig"/> of what stands below <c>files:</c>, and checks that it belongs together.</summary>
internal static partial class FilesBuilder
{
    private const int MostSkippedLines = 1_000_000;

    /// <summary>What landed rows have besides what stands in the files; tests and descriptions may name it.</summary>
    private static readonly string[] Added =
    [
        "_source_file",
        "_source_row",
        "_ingested_at",
        "_batch_id",
        "_raw",
        "_malformed",
        "_rescued",
    ];

    private static bool IsAdded(string? column, FileFormat format) =>
        Added.Contains(column, StringComparer.OrdinalIgnoreCase)
        || format == FileFormat.Text && string.Equals(column, "line", StringComparison.OrdinalIgnoreCase);

    public static FilesConfig? Build(SourceTableDeclaration table, DiagnosticBag diagnostics)
    {
        if (table.Files is not { Path: { Text: var path }, Format: { } format } files)
            return null;
        // the columns of the table will do, if they are meant for this: where none has a type, they only carry words and tests
        ImmutableArray<ColumnDeclaration> columns =
            !files.Columns.IsEmpty ? files.Columns
            : table.Columns.Any(column => column.DataType is not null)
                ? [.. table.Columns.Where(column => !IsAdded(column.Name?.Text, format))]
            : [];
        var config = new FilesConfig(
            path,
            format,
            files.HivePartitions,
            [.. columns.Where(column => column.Name is not null).Select(column => column.ToInfo())]
        )
        {
            Csv = CsvOf(files),
            Encoding = files.Encoding ?? FileEncoding.Utf8,
            Aliases = files.Aliases ?? ImmutableSortedDictionary<string, ImmutableArray<string>>.Empty,
            OnError = files.OnError,
            ErrorIf = files.ErrorIf,
            OnUnreadable = files.OnUnreadable,
            OnChange = files.OnChange,
            OnVanish = files.OnVanish,
            NewColumns = files.NewColumns,
        };
        Check(files, config, diagnostics);
        return config;
    }

    /// <summary>Everything that decides which rows a file gives.</summary>
    public static void AddTo(Fingerprint fingerprint, FilesConfig files)
    {
        var csv = files.Csv;
        fingerprint
            .Add("files", [files.Path, files.Format.ToString(), files.HivePartitions.ToString()])
            .Add("csv", [csv.Delimiter, csv.Header.ToString(), .. csv.NullTexts])
            .Add("columns", files.Columns.SelectMany(column => new[] { column.Name, column.DataType ?? "" }))
            .Add(
                "csv details",
                [
                    $"{csv.Quote}",
                    $"{csv.Escape}",
                    $"{csv.SkipLines}",
                    $"{csv.Comment}",
                    csv.RowTerminator ?? "",
                    $"{csv.DecimalSeparator}",
                    csv.DateFormat ?? "",
                    csv.TimestampFormat ?? "",
                ]
            )
            .Add(
                "intake",
                [
                    files.Encoding.ToString(),
                    files.RowErrors.ToString(),
                    files.OnUnreadable.ToString(),
                    files.OnChange.ToString(),
                    files.OnVanish.ToString(),
                    files.Undeclared.ToString(),
                ]
            )
            .Add("aliases", files.Aliases.SelectMany(alias => alias.Value.Prepend(alias.Key).Append("")));
    }

    private static CsvDialect CsvOf(FilesDeclaration files)
    {
        var standard = new CsvDialect();
        return new CsvDialect
        {
            Delimiter = files.Delimiter ?? standard.Delimiter,
            Header = files.Header ?? standard.Header,
            Quote =
                files.Quote is null ? standard.Quote
                : files.Quote.Length == 0 ? null
                : files.Quote[0],
            Escape = files.Escape,
            SkipLines = (int)Math.Clamp(files.SkipLines ?? 0, 0, MostSkippedLines),
            Comment = files.Comment,
            RowTerminator = files.RowTerminator,
            NullTexts = files.NullTexts ?? [],
            DecimalSeparator = files.DecimalSeparator ?? standard.DecimalSeparator,
            DateFormat = files.DateFormat,
            TimestampFormat = files.TimestampFormat,
        };
    }

    private static void Check(FilesDeclaration files, FilesConfig config, DiagnosticBag diagnostics)
    {
        if (PathBraces.FindProblem(config.Path) is { } problem)
            diagnostics.Add(
                FilesConfigDiagnostics.BadPath(files.Path?.Span ?? files.Span, config.Path, problem)
            );
        foreach (var option in Misplaced(files, config.Format))
            diagnostics.Add(FilesConfigDiagnostics.WrongFormat(files.Span, option, WordOf(config.Format)));
        if (config is { Format: FileFormat.Csv, Csv.Header: false, Columns.IsEmpty: true })
            diagnostics.Add(FilesConfigDiagnostics.HeaderlessWithoutColumns(files.Span));
        foreach (var (option, value) in Malformed(files))
            diagnostics.Add(FilesConfigDiagnostics.BadValue(files.Span, option, value));
        var columns = config.Columns.Select(column => column.Name).ToList();
        foreach (var alias in config.Aliases.Keys)
        {
            if (!columns.Contains(alias, StringComparer.OrdinalIgnoreCase))
                diagnostics.Add(FilesConfigDiagnostics.AliasOfUnknownColumn(files.Span, alias, columns));
        }
    }

    /// <summary>Options that a format has no use for: whoever wrote them expects something of them.</summary>
    private static IEnumerable<string> Misplaced(FilesDeclaration files, FileFormat format)
    {
        if (format != FileFormat.Csv)
        {
            (string Name, bool IsGiven)[] csv =
            [
                ("delimiter", files.Delimiter is not null),
                ("header", files.Header is not null),
                ("quote", files.Quote is not null),
                ("escape", files.Escape is not null),
                ("skip_lines", files.SkipLines is not null),
                ("comment", files.Comment is not null),
                ("row_terminator", files.RowTerminator is not null),
                ("null_texts", files.NullTexts is not null),
                ("decimal_separator", files.DecimalSeparator is not null),
                ("date_format", files.DateFormat is not null),
                ("timestamp_format", files.TimestampFormat is not null),
                ("aliases", files.Aliases is not null),
            ];
            foreach (var (name, _) in csv.Where(option => option.IsGiven))
                yield return name;
        }
        var isJson = format is FileFormat.Json or FileFormat.JsonLines;
        if (!isJson && files.OnError == OnRowError.Keep)
            yield return "on_error: keep";
        if (
            files.ErrorIf is not null
            && (files.OnError ?? (isJson ? OnRowError.Keep : null)) == OnRowError.Keep
        )
            yield return "error_if without on_error: quarantine";
        if (format == FileFormat.Parquet && files.Encoding is not null)
            yield return "encoding";
        if (format == FileFormat.Text && files.NewColumns is not null)
            yield return "new_columns";
        if (isJson && files.NewColumns is NewFileColumns.Add or NewFileColumns.Fail)
            yield return $"new_columns: {files.NewColumns.ToString()?.ToLowerInvariant()}";
    }

    private static IEnumerable<(string Option, string Value)> Malformed(FilesDeclaration files)
    {
        if (
            files.Delimiter is { } delimiter
            && (delimiter.Length == 0 || delimiter.AsSpan().ContainsAny('\r', '\n'))
        )
            yield return ("delimiter", delimiter);
        if (files.Quote is { Length: > 1 } quote)
            yield return ("quote", quote);
        if (files.RowTerminator is { Length: 0 } terminator)
            yield return ("row_terminator", terminator);
        if (files.ErrorIf is { } limit && !Limit().IsMatch(limit))
            yield return ("error_if", limit);
        if (files.SkipLines is < 0 or > MostSkippedLines)
            yield return ("skip_lines", $"{files.SkipLines}");
    }

    // what can be judged without an engine
    [GeneratedRegex(
        @"^\s*(<=|>=|<>|!=|==|=|<|>)\s*[0-9]+(\.[0-9]+)?\s*%?\s*\z",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex Limit();

    private static string WordOf(FileFormat format) =>
        format == FileFormat.JsonLines ? "json_lines" : format.ToString().ToLowerInvariant();
}
