using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Strata.Compiler.Manifest;
using Strata.Compiler.Sql;

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

    private FilesQuery(LandingZone landing, FilesConfig config, SqlDialect dialect)
    {
        _landing = landing;
        _config = config;
        _dialect = dialect;
        _partitions = config.HivePartitions ? PartitionsOf(landing.Files) : [];
    }

    /// <param name="projectFolder">Paths inside it are given relative to it.</param>
    /// <param name="ingestedAt">The start of the run.</param>
    /// <param name="batchId">The batch of the node that takes the rows in.</param>
    public static string Create(
        LandingZone landing,
        FilesConfig config,
        SqlDialect dialect,
        string projectFolder,
        DateTimeOffset ingestedAt,
        long batchId
    )
    {
        var query = new FilesQuery(landing, config, dialect);
        var marks = query.Marks(projectFolder, ingestedAt, batchId);
        if (landing.Files.IsEmpty)
            return query.Empty(marks);
        return config.Format switch
        {
            FileFormat.JsonLines => query.JsonLines(marks),
            FileFormat.Csv => query.Csv(marks),
            FileFormat.Parquet => query.Parquet(marks),
            _ => throw new ArgumentOutOfRangeException(nameof(config)),
        };
    }

    // every line is read whole; what is no JSON object keeps its text and says so
    private string JsonLines(string marks)
    {
        var fields = _config.Columns.Where(column => !IsPartition(column.Name)).ToImmutableArray();
        var shape = new StringBuilder();
        foreach (var field in fields)
            shape
                .Append(shape.Length == 0 ? "{" : ",")
                .Append(JsonSerializer.Serialize(field.Name))
                .Append(":\"VARCHAR\"");
        var json = fields.IsEmpty
            ? ""
            : $", json_transform(case when json_type(_json) = 'OBJECT' then _json end, {Text(shape.Append('}').ToString())}) as _fields";
        var columns = _config.Columns.Select(column =>
            $"{(IsPartition(column.Name) ? Cast(column, Name(column.Name)) : Cast(column, $"_fields.{Name(column.Name)}"))} as {Name(column.Name)}"
        );
        string[] all =
        [
            .. columns,
            .. Undeclared(),
            marks,
            "coalesce(json_type(_json), '') <> 'OBJECT' as _malformed",
            "_raw",
        ];
        return $"""
            select {string.Join(", ", all)}
            from (
              select *{json} from (
                select * replace (coalesce(_raw, '') as _raw), try_cast(_raw as json) as _json, {RowNumber}
                from (
                  select *, row_number() over () as _line from read_csv({Paths}, columns = {"{'_raw': 'VARCHAR'}"}, header = false,
                    delim = '', quote = '', escape = '', comment = '', auto_detect = false, strict_mode = false,
                    max_line_size = {MaxLineBytes}, buffer_size = {2 * MaxLineBytes}, {Common})
                )
              ) where trim(_raw, E' \t\r') <> ''
            )
            """;
    }

    private string Csv(string marks)
    {
        var fields = _config.Columns.Where(column => !IsPartition(column.Name)).ToImmutableArray();
        var structure = string.Join(
            ", ",
            fields.Select(f => $"{Text(f.Name)}: {Text(f.DataType ?? "VARCHAR")}")
        );
        var types = fields.IsEmpty
            ? "union_by_name = true"
            : $"columns = {{{structure}}}, auto_detect = false";
        var nulls = _config.NullTexts.IsEmpty
            ? ""
            : $", nullstr = [{string.Join(", ", _config.NullTexts.Prepend("").Distinct().Select(Text))}]";
        var columns = fields.IsEmpty ? "* exclude (_source_file, _line, _source_row)" : Declared();
        return $"""
            select {columns}, {marks}
            from (
              select *, {RowNumber} from (
                select *, row_number() over () as _line from read_csv({Paths}, {types}, header = {(
                _config.Header ? "true" : "false"
            )},
                  delim = {Text(_config.Delimiter.ToString())}, quote = '"', escape = '"'{nulls}, {Common})
              )
            )
            """;
    }

    private string Parquet(string marks) =>
        $"""
            select {(_config.Columns.IsEmpty ? "* exclude (_source_file, _source_row)" : Declared())}, {marks}
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
        if (_config.Format == FileFormat.JsonLines)
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
                    IsPartition(column.Name)
                        ? $"{Cast(column, Name(column.Name))} as {Name(column.Name)}"
                        : Name(column.Name)
                ),
                .. Undeclared(),
            ]
        );

    /// <summary>Folders that name columns which the source does not declare.</summary>
    private IEnumerable<string> Undeclared() =>
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

    private string Paths => $"[{string.Join(", ", _landing.Files.Select(file => Text(file.FullPath)))}]";

    private string Marks(string projectFolder, DateTimeOffset ingestedAt, long batchId)
    {
        var root =
            Path.TrimEndingDirectorySeparator(Path.GetFullPath(projectFolder)) + Path.DirectorySeparatorChar;
        var at = ingestedAt.UtcDateTime.ToString(
            "yyyy-MM-dd HH:mm:ss.ffffff'+00'",
            CultureInfo.InvariantCulture
        );
        return string.Create(
            CultureInfo.InvariantCulture,
            $"""
            case when starts_with(_source_file, {Text(
                root
            )}) then substr(_source_file, {root.EnumerateRunes().Count() + 1})
              else _source_file end as _source_file,
            _source_row, cast({Text(
                at
            )} as timestamptz) as _ingested_at, cast({batchId} as bigint) as _batch_id
            """
        );
    }

    private bool IsPartition(string column) => _partitions.Contains(column, StringComparer.OrdinalIgnoreCase);

    private static string Cast(ColumnInfo column, string value) =>
        column.DataType is { } type ? $"try_cast({value} as {type})" : value;

    private static string TypeOf(ColumnInfo column) => column.DataType ?? "varchar";

    private string Name(string column) => _dialect.QuoteIdentifier(column);

    private string Text(string value) => _dialect.QuoteString(value);

    private static ImmutableArray<string> PartitionsOf(ImmutableArray<LandedFile> files) =>
        [
            .. files
                .SelectMany(file => file.Path.Split('/')[..^1])
                .Where(folder => folder.IndexOf('=', StringComparison.Ordinal) > 0)
                .Select(folder => folder[..folder.IndexOf('=', StringComparison.Ordinal)])
                .Distinct(StringComparer.OrdinalIgnoreCase),
        ];
}
