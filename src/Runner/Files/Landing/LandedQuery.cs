using System.Collections.Immutable;
using System.Globalization;
using Strata.Compiler.Manifest;
using Strata.Compiler.Manifest.Sources;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;
using Strata.Runner.Adapters.Values;
using Strata.Runner.Files.Landing.Columns;
using Strata.Runner.Files.Landing.Typing;
using Strata.Runner.Files.Reading;

namespace Strata.Runner.Files.Landing;

/// <summary>
/// What models see of landed rows: the declared columns with their types, where each row comes from, and of JSON its text. And the
/// rejected rows, with the reason.
/// </summary>
internal sealed class LandedQuery
{
    /// <summary>So much of a text is shown that stays a row.</summary>
    private const int LostLength = 200;

    private readonly FilesConfig _config;
    private readonly SqlDialect _dialect;
    private readonly LandedRows _rows;
    private readonly ImmutableArray<TypedColumn> _declared;
    private readonly string? _notObject;

    public LandedQuery(FilesConfig config, SqlDialect dialect, LandedRows rows)
    {
        _config = config;
        _dialect = dialect;
        _rows = rows;
        _declared = [.. config.Columns.Select(Typed)];
        _notObject = config.IsJson ? "coalesce(json_type(_json), '') <> 'OBJECT'" : null;
    }

    /// <summary>The query over no file at all: the columns that models see of any, as far as the source declares them.</summary>
    public static string OfNothing(FilesConfig config, SqlDialect dialect)
    {
        string Null(string name, string type) => $"cast(null as {type}) as {dialect.QuoteIdentifier(name)}";
        var isTyped = config.Format == FileFormat.Parquet;
        string[] columns =
        [
            Null(LandedColumn.File, "varchar"),
            Null(LandedColumn.Row, "bigint"),
            Null(LandedColumn.Line, "bigint"),
            Null(LandedColumn.Problem, "varchar"),
            Null(LandedColumn.Raw, "varchar"),
            Null(LandedColumn.Rescued, "varchar"),
            .. config.Columns.Select(column =>
                Null(column.Name, isTyped && column.DataType is { } type ? type : "varchar")
            ),
        ];
        var rows = new LandedRows(
            $"(select {string.Join(", ", columns)} where false)",
            [.. config.Columns.Select(column => column.Name)],
            []
        );
        var marks = SourceMarks.Select(
            dialect,
            LandedColumn.File,
            LandedColumn.Row,
            DateTimeOffset.UnixEpoch,
            0
        );
        return new LandedQuery(config, dialect, rows).Rows(marks, hasMisfits: false);
    }

    /// <summary>A condition that holds for rows which are read and do not fit; null when every row fits.</summary>
    private string? Misfit
    {
        get
        {
            if (_config.RowErrors == OnRowError.Keep)
                return null;
            var conditions = _declared
                .Select(column => column.Misfit)
                .Append(_notObject)
                .OfType<string>()
                .ToList();
            return conditions.Count == 0 ? null : $"coalesce({string.Join(" or ", conditions)}, false)";
        }
    }

    /// <param name="hasMisfits">Whether rows that do not fit must be left out.</param>
    public string Rows(string marks, bool hasMisfits)
    {
        // where misfits are left out, they have been looked for
        var isChecked = _config.RowErrors != OnRowError.Keep;
        var columns = Columns(
            _declared.Select(column => isChecked ? column.Fitting : column.Expression),
            Others(),
            marks
        );
        if (_config.Undeclared == NewFileColumns.Rescue && _config.Format != FileFormat.Text)
            columns.Add($"{Rescued()} as _rescued");
        var where = hasMisfits && Misfit is { } misfit ? $" and not {misfit}" : "";
        return $"select {string.Join(", ", columns)}\nfrom {From()}\nwhere {LandedColumn.Problem} is null{where}";
    }

    /// <summary>The rows for whoever reads files in place, where a value that does not fit is an error, and null in JSON. Of undeclared columns there are only folders.</summary>
    public string InPlace(string marks, BadContent bad)
    {
        const string place = $"{LandedColumn.File} || ':' || cast({LandedColumn.Line} as varchar)";
        var onlyGoodRows = bad == BadContent.IsPassed;
        var strict = _config
            .Columns.Zip(_declared)
            .Select(pair =>
                TypedColumn.Strict(
                    _dialect,
                    pair.First,
                    pair.Second.Value,
                    _config.Csv,
                    _rows.IsPartition(pair.First.Name) ? LandedColumn.File : place
                )
            )
            .ToList();
        var columns = Columns(
            onlyGoodRows || _config.IsJson ? _declared.Select(column => column.Expression) : strict,
            Others().Where(name => _config.Columns.IsEmpty || _rows.IsPartition(name)),
            marks
        );
        var where = new List<string> { $"{LandedColumn.Problem} is null" };
        var misfits = _config.IsJson
            ? []
            : _declared.Zip(strict).Where(pair => pair.First.Misfit is not null).ToList();
        if (onlyGoodRows && misfits.Count > 0)
            where.Add(
                $"not coalesce({string.Join(" or ", misfits.Select(pair => pair.First.Misfit))}, false)"
            );
        // of a value that does not fit there is no strict one, only the error
        if (bad == BadContent.IsErrorInAllColumns)
            where.AddRange(
                misfits.Select(pair =>
                    $"case when {pair.First.Misfit} then ({pair.Second}) is not null else true end"
                )
            );
        return $"select {string.Join(", ", columns)}\nfrom {From()}\nwhere {string.Join(" and ", where)}";
    }

    /// <summary>What every reading has: the declared columns, others, and what is added.</summary>
    private List<string> Columns(IEnumerable<string> declared, IEnumerable<string> others, string marks)
    {
        var columns = _config
            .Columns.Zip(declared)
            .Select(pair => $"{pair.Second} as {Name(pair.First.Name)}")
            .ToList();
        columns.AddRange(others.Select(Name));
        columns.Add(marks);
        if (_config.IsJson)
            columns.AddRange([$"{_notObject} as _malformed", $"{LandedColumn.Raw} as _raw"]);
        if (_config.Format == FileFormat.Text)
            columns.Insert(0, $"{LandedColumn.Raw} as line");
        return columns;
    }

    /// <summary>
    /// Path, line, reason and text of the rejected rows; <c>is_whole</c> tells whether the text is as it stands
    /// in the file.
    /// </summary>
    /// <param name="withFields">Rows that could be read and do not fit have their fields as JSON, where they have no text.</param>
    public string Rejected(bool withFields)
    {
        const string broken = $"{LandedColumn.Problem} is not null";
        const string place =
            $"{LandedColumn.File} as path, {LandedColumn.Row} as source_row, {LandedColumn.Line} as line";
        if (Misfit is not { } misfit)
            return $"select {place}, {LandedColumn.Problem} as reason, {LandedColumn.Raw} as raw, true as is_whole\nfrom {_rows.From}\nwhere {broken}";
        var reasons = _config
            .Columns.Zip(_declared)
            .Where(pair => pair.Second.Misfit is not null)
            .Select(pair => pair.Second.Reason(_dialect, pair.First.DataType ?? ""))
            .ToList();
        var reason = reasons.Count == 0 ? "''" : $"concat_ws('; ', {string.Join(", ", reasons)})";
        if (_notObject is not null)
            reason = $"case when {_notObject} then 'is not a JSON object' else {reason} end";
        var whole =
            _config.IsJson ? LandedColumn.Raw
            : withFields ? $"cast({Object(_rows.Columns)} as varchar)"
            : "null";
        return $"select {place}, case when {broken} then {LandedColumn.Problem} else {reason} end as reason, "
            + $"case when {broken} then {LandedColumn.Raw} else {whole} end as raw, "
            + $"{(_config.IsJson ? "true" : broken)} as is_whole\nfrom {From()}\nwhere {broken} or {misfit}";
    }

    /// <summary>
    /// What <see cref="Rejected"/> gives of JSON that stays a row whatever it is, and besides how many rows become null, in part or
    /// altogether: <c>lost_rows</c> of each file that have the same <c>lost_columns</c> (the indexes of the declared ones, behind each
    /// other; empty for what is no JSON object), and the first of them.
    /// </summary>
    /// <param name="watched">The columns that somebody reads.</param>
    public string RejectedAndLost(ImmutableArray<string> watched)
    {
        const string broken = $"{LandedColumn.Problem} is not null";
        var columns = _declared
            .Select((column, i) => (Column: column, Index: i))
            .Where(one =>
                one.Column.Misfit is not null
                && watched.Contains(one.Column.Name, StringComparer.OrdinalIgnoreCase)
            )
            .ToList();
        string Each(Func<(TypedColumn Column, int Index), string> form, string between) =>
            columns.Count == 0 ? "''" : $"concat_ws('{between}', {string.Join(", ", columns.Select(form))})";
        var lost = Each(
            one =>
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"case when {one.Column.Misfit} then '{one.Index}' end"
                ),
            ","
        );
        var reason = Each(
            one => one.Column.Reason(_dialect, _config.Columns[one.Index].DataType ?? ""),
            "; "
        );
        var misfit = string.Join(" or ", columns.Select(one => one.Column.Misfit).Append(_notObject));
        return $"""
            select path, min(source_row) as source_row, min(line) as line, min_by(reason, source_row) as reason,
              min_by(raw, source_row) as raw, true as is_whole, lost_columns,
              case when lost_columns is not null then count(*) end as lost_rows
            from (
              select {LandedColumn.File} as path, {LandedColumn.Row} as source_row, {LandedColumn.Line} as line,
                case when {broken} then {LandedColumn.Problem} when {_notObject} then 'is not a JSON object' else {reason} end as reason,
                left({LandedColumn.Raw}, case when {broken} then {RecordReader.MaxRaw} else {LostLength} end) as raw,
                case when {broken} then null when {_notObject} then '' else {lost} end as lost_columns
              from {From()} where {broken} or coalesce({misfit}, false)
            ) as found
            group by path, lost_columns, case when lost_columns is null then source_row end
            """;
    }

    /// <summary>Columns that the files or folders have and the source does not declare, as far as it takes them.</summary>
    private IEnumerable<string> Others() =>
        _rows.Columns.Where(name =>
            !IsDeclared(name)
            && (
                _rows.IsPartition(name) || _config.Columns.IsEmpty || _config.Undeclared == NewFileColumns.Add
            )
        );

    private bool IsDeclared(string name) =>
        _config.Columns.Any(column => column.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    private TypedColumn Typed(ColumnInfo column)
    {
        var isField = _config.IsJson && !_rows.IsPartition(column.Name);
        var value =
            isField ? $"_fields.{Name(column.Name)}"
            : _rows.Find(column.Name) is { } found ? Name(found)
            : "cast(null as varchar)";
        if (isField)
            return TypedColumn.OfJson(_dialect, column, value, _config.Csv);
        var isText = _config.Format != FileFormat.Parquet || _rows.IsPartition(column.Name);
        return TypedColumn.Create(_dialect, column, value, isText ? _config.Csv : null);
    }

    private string From()
    {
        var table = _rows.From;
        if (!_config.IsJson)
            return table;
        var parsed = $"select *, try_cast({LandedColumn.Raw} as json) as _json from {table}";
        var fields = _config.Columns.Where(column => !_rows.IsPartition(column.Name)).ToList();
        if (fields.Count == 0)
            return $"({parsed})";
        var shape = string.Join(",", fields.Select(field => $"{PlainJson.Of(field.Name)}:\"VARCHAR\""));
        return $"(select *, json_transform(case when json_type(_json) = 'OBJECT' then _json end, "
            + $"{_dialect.QuoteString($"{{{shape}}}")}) as _fields from ({parsed}))";
    }

    private string Rescued()
    {
        if (_config.Format == FileFormat.Csv)
            return $"cast({LandedColumn.Rescued} as json)";
        var names = string.Join(", ", _config.Columns.Select(column => _dialect.QuoteString(column.Name)));
        var keep = names.Length == 0 ? "true" : $"entry.key not in ({names})";
        if (_config.IsJson)
        {
            return $"case when json_type(_json) = 'OBJECT' then to_json(map_from_entries(list_filter("
                + $"map_entries(cast(_json as map(varchar, json))), lambda entry: {keep}))) end";
        }
        var others = _rows.Columns.Where(name => !IsDeclared(name) && !_rows.IsPartition(name)).ToList();
        return others.Count == 0 ? "cast(null as json)" : Object(others);
    }

    private string Object(IEnumerable<string> columns) =>
        $"json_object({string.Join(", ", columns.Select(name => $"{_dialect.QuoteString(name)}, {Name(name)}"))})";

    private string Name(string column) => _dialect.QuoteIdentifier(column);
}
