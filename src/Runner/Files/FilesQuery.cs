using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Strata.Compiler.Manifest;
using Strata.Compiler.Manifest.Sources;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters.Values;
using Strata.Runner.Files.Landing;
using Strata.Runner.Files.Landing.Columns;
using Strata.Runner.Files.Landing.Typing;

namespace Strata.Runner.Files;

/// <summary>
/// The query that reads landed files, in the words of the readers of an engine with
/// <see cref="Adapters.AdapterCapabilities.ReadsFiles"/>. Besides the columns of the files it gives
/// <c>_source_file</c>, <c>_source_row</c>, <c>_ingested_at</c> and <c>_batch_id</c>, of JSON lines also
/// <c>_malformed</c> and <c>_raw</c>. Declared columns that are also <c>name=value</c> folders come from the path.
/// </summary>
public sealed class FilesQuery
{
    // a line may be long, but one without an end must not eat the memory
    private const int MaxLineBytes = 16 * 1024 * 1024;

    private readonly LandingZone _landing;
    private readonly FilesConfig _config;
    private readonly SqlDialect _dialect;
    private readonly ImmutableArray<string> _partitions;
    private readonly string _projectFolder;
    private readonly bool _onlyGoodRows;

    private FilesQuery(
        LandingZone landing,
        FilesConfig config,
        SqlDialect dialect,
        string projectFolder,
        bool onlyGoodRows
    )
    {
        _projectFolder = projectFolder;
        _landing = landing;
        _config = config;
        _dialect = dialect;
        _onlyGoodRows = onlyGoodRows;
        _partitions = config.HivePartitions ? FilePartitions.NamesOf(landing.Files) : [];
    }

    /// <summary>What the engine's own reader cannot do of what a source asks for; null if it can do all.</summary>
    public static string? FindUnsupported(FilesConfig config) =>
        config.Csv.RowTerminator is not null ? "row_terminator"
        // it would cut values that contain the character
        : config.Csv.Comment is not null ? "comment for whole lines only"
        : config.Encoding == FileEncoding.Windows1252 ? "encoding: windows-1252"
        // of big-endian files it would find no rows
        : config.Encoding == FileEncoding.Utf16 ? "encoding: utf-16 in both byte orders"
        : config is { Encoding: not FileEncoding.Utf8, Format: FileFormat.Json } ? "encoding"
        : null;

    /// <param name="projectFolder">Paths inside it are given relative to it.</param>
    /// <param name="ingestedAt">The start of the run.</param>
    /// <param name="batchId">The batch of the node that takes the rows in.</param>
    /// <param name="onlyGoodRows">Whether malformed rows of csv, and rows with a value that does not fit, are left out instead of being an error.</param>
    public static string Create(
        LandingZone landing,
        FilesConfig config,
        SqlDialect dialect,
        string projectFolder,
        DateTimeOffset ingestedAt,
        long batchId,
        bool onlyGoodRows = false
    )
    {
        var query = new FilesQuery(landing, config, dialect, projectFolder, onlyGoodRows);
        var marks = SourceMarks.Select(
            dialect,
            SourceMarks.Shown(dialect, "_source_file", projectFolder),
            "_source_row",
            ingestedAt,
            batchId
        );
        if (landing.Files.IsEmpty)
            return query.Empty(marks);
        return config.Format switch
        {
            FileFormat.JsonLines => query.JsonLines(marks),
            FileFormat.Json => query.JsonDocuments(marks),
            FileFormat.Text => query.Text(marks),
            FileFormat.Csv => query.Csv(marks),
            FileFormat.Parquet => query.Parquet(marks),
            _ => throw new ArgumentOutOfRangeException(nameof(config)),
        };
    }

    private string Text(string marks)
    {
        string[] all = ["line", .. Folders(), marks];
        return $"""
            select {string.Join(", ", all)}
            from (
              select * exclude (_raw), coalesce(_raw, '') as line, {RowNumber}
              from (select *, row_number() over () as _line from {Lines})
            )
            """;
    }

    // every line is read whole; what is no JSON object keeps its text and says so
    private string JsonLines(string marks) =>
        Json(
            marks,
            $"""
            select * replace (coalesce(_raw, '') as _raw), try_cast(_raw as json) as _json, {RowNumber}
                from (select *, row_number() over () as _line from {Lines})
            """
        );

    private string JsonDocuments(string marks) =>
        Json(
            marks,
            $"""
            select * exclude (json), cast(json as varchar) as _raw, json as _json, {RowNumber}
                from (
                  select *, row_number() over () as _line
                  from read_json_objects({Paths}, format = 'auto', maximum_object_size = {MaxLineBytes}, {Common})
                )
            """
        );

    private string Json(string marks, string values)
    {
        var fields = _config.Columns.Where(column => !IsPartition(column.Name)).ToImmutableArray();
        var shape = new StringBuilder();
        foreach (var field in fields)
            shape
                .Append(shape.Length == 0 ? "{" : ",")
                .Append(PlainJson.Of(field.Name))
                .Append(":\"VARCHAR\"");
        var json = fields.IsEmpty
            ? ""
            : $", json_transform(case when json_type(_json) = 'OBJECT' then _json end, {Quoted(shape.Append('}').ToString())}) as _fields";
        var columns = _config.Columns.Select(column =>
            $"{(IsPartition(column.Name) ? Typed(column).Expression : FromJson(column))} as {Name(column.Name)}"
        );
        string[] all =
        [
            .. columns,
            .. Folders(),
            marks,
            "coalesce(json_type(_json), '') <> 'OBJECT' as _malformed",
            "_raw",
        ];
        return $"""
            select {string.Join(", ", all)}
            from (
              select *{json} from (
                {values}
              ) where trim(_raw, E' \t\r') <> ''
            )
            """;
    }

    private string Lines =>
        $"""
            read_csv({Paths}, columns = {"{'_raw': 'VARCHAR'}"}, header = false,
                    delim = '', quote = '', escape = '', comment = '', auto_detect = false, strict_mode = false,
                    max_line_size = {MaxLineBytes}, buffer_size = {2 * MaxLineBytes}, {Encoding}{Common})
            """;

    private string Csv(string marks)
    {
        var fields = _config.Columns.Where(column => !IsPartition(column.Name)).ToImmutableArray();
        var csv = _config.Csv;
        var structure = string.Join(", ", fields.Select(field => $"{Quoted(field.Name)}: 'VARCHAR'"));
        // without a header the declared columns stand in their order; with one they are found by name
        var names = csv.Header
            ? "header = true, all_varchar = true, union_by_name = true"
            : $"header = false, auto_detect = false, columns = {{{structure}}}";
        var columns =
            !_config.Columns.IsEmpty ? Declared()
            : csv.NullTexts.IsEmpty ? "* exclude (_source_file, _line, _source_row)"
            : string.Join(", ", [UndeclaredTexts, .. Folders()]);
        return $"""
            select {columns}, {marks}
            from (
              select *, {RowNumber} from (
                {Expected(fields)}
                select *, row_number() over () as _line from read_csv({Paths}, {names}, delim = {Quoted(
                csv.Delimiter
            )},
                  quote = {Quoted($"{csv.Quote}")}, escape = {Quoted($"{csv.Escape ?? csv.Quote}")},
                  skip = {csv.SkipLines}, nullstr = [''], allow_quoted_nulls = false, {BadRows}{Encoding}{Common})
              )
            ){Fitting()}
            """;
    }

    // the name of a column that is worked on stays its own
    private string UndeclaredTexts
    {
        get
        {
            string[] others = ["_source_file", "_line", "_source_row", .. Folders()];
            return $"{WithNulls($"columns(* exclude ({string.Join(", ", others)}))")} as \"\\0\"";
        }
    }

    private string BadRows => _onlyGoodRows ? "ignore_errors = true, " : "";

    private string Fitting()
    {
        var misfits = _onlyGoodRows
            ? _config.Columns.Select(column => Typed(column).Misfit).OfType<string>().ToList()
            : [];
        return misfits.Count == 0 ? "" : $" where not coalesce({string.Join(" or ", misfits)}, false)";
    }

    /// <summary>No rows with every name that a declared column may have, so that files need not have them all.</summary>
    private string Expected(ImmutableArray<ColumnInfo> fields)
    {
        if (fields.IsEmpty || !_config.Csv.Header)
            return "";
        var names = fields
            .SelectMany(field => NamesOf(field.Name))
            .Distinct(StringComparer.OrdinalIgnoreCase)
            .Select(name => $"cast(null as varchar) as {Name(name)}");
        return $"select {string.Join(", ", names)} where false union all by name";
    }

    private IEnumerable<string> NamesOf(string column) =>
        _config
            .Aliases.Where(alias => alias.Key.Equals(column, StringComparison.OrdinalIgnoreCase))
            .SelectMany(alias => alias.Value)
            .Prepend(column)
            .Distinct(StringComparer.OrdinalIgnoreCase);

    private string Parquet(string marks) =>
        $"""
            select {(
                _config.Columns.IsEmpty ? "* exclude (_source_file, _source_row)" : Declared()
            )}, {marks}
            from (
              select * exclude (file_row_number), file_row_number + 1 as _source_row
              from read_parquet({Paths}, union_by_name = true, file_row_number = true, {Common})
            )
            """;

    /// <summary>No file: the declared columns, without rows.</summary>
    private string Empty(string marks)
    {
        var columns = _config
            .Columns.Select(c => $"cast(null as {TypeOf(c)}) as {Name(c.Name)}")
            .Append(marks);
        if (_config.Format == FileFormat.Text)
            columns = columns.Prepend("cast(null as varchar) as line");
        if (_config.IsJson)
            columns = columns
                .Append("cast(null as boolean) as _malformed")
                .Append("cast(null as varchar) as _raw");
        return $"""
            select {string.Join(", ", columns)}
            from (select cast(null as varchar) as _source_file, cast(null as bigint) as _source_row) where false
            """;
    }

    private string Declared() =>
        string.Join(
            ", ",
            [
                .. _config.Columns.Select(column =>
                    IsPartition(column.Name) || _config.Format == FileFormat.Csv
                        ? $"{FromText(column)} as {Name(column.Name)}"
                        : Name(column.Name)
                ),
                .. Folders(),
            ]
        );

    private string FromText(ColumnInfo column) =>
        _onlyGoodRows
            ? Typed(column).Expression
            : TypedColumn.Strict(
                _dialect,
                column,
                TextOf(column),
                _config.Csv,
                SourceMarks.Shown(_dialect, "_source_file", _projectFolder)
            );

    private string FromJson(ColumnInfo column) =>
        TypedColumn.OfJson(_dialect, column, $"_fields.{Name(column.Name)}", _config.Csv).Expression;

    private TypedColumn Typed(ColumnInfo column) =>
        TypedColumn.Create(_dialect, column, TextOf(column), _config.Csv);

    private string TextOf(ColumnInfo column)
    {
        if (IsPartition(column.Name))
            return Name(column.Name);
        var names = _config.Csv.Header ? NamesOf(column.Name).Select(Name).ToList() : [Name(column.Name)];
        return WithNulls(names.Count == 1 ? names[0] : $"coalesce({string.Join(", ", names)})");
    }

    /// <summary>In quotes they are null, too, which the reader does not know.</summary>
    private string WithNulls(string text) =>
        _config.Csv.NullTexts.Aggregate(text, (value, one) => $"nullif({value}, {Quoted(one)})");

    /// <summary>Folders that name columns which the source does not declare.</summary>
    private IEnumerable<string> Folders() =>
        _partitions
            .Where(name => _config.Columns.All(c => !c.Name.Equals(name, StringComparison.OrdinalIgnoreCase)))
            .Select(Name);

    // the reader numbers all lines as they come, in the order of the files; a file's first line is its number 1
    private static string RowNumber =>
        "_line - min(_line) over (partition by _source_file) + 1 as _source_row";

    private string Common =>
        "filename = '_source_file', "
        + (
            _config.HivePartitions
                ? "hive_partitioning = true, hive_types_autocast = false"
                : "hive_partitioning = false"
        );

    private string Paths =>
        $"[{string.Join(", ", _landing.Files.Select(file => Quoted(PathPattern.Of(file.FullPath))))}]";

    private string Encoding =>
        _config.Encoding switch
        {
            FileEncoding.Latin1 => "encoding = 'latin-1', ",
            _ => "",
        };

    private bool IsPartition(string column) => _partitions.Contains(column, StringComparer.OrdinalIgnoreCase);

    private static string TypeOf(ColumnInfo column) => column.DataType ?? "varchar";

    private string Name(string column) => _dialect.QuoteIdentifier(column);

    private string Quoted(string value) => _dialect.QuoteString(value);
}
