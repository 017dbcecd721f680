using System.Collections.Immutable;
using System.Globalization;
using Strata.Compiler.Manifest;
using Strata.Compiler.Manifest.Sources;
using Strata.Runner.Adapters;
using Strata.Runner.Execution.Landing;
using Strata.Runner.Files;
using Strata.Runner.Files.Landing;
using Strata.Runner.Files.Landing.Columns;
using Strata.Runner.Files.Landing.Typing;

namespace Strata.Runner.Execution.Periods;

/// <summary>
/// What becomes null where the engine's own reader reads JSON files: values that do not fit the declared type of their column, and lines that
/// are no JSON objects.
/// </summary>
internal sealed class LostJsonValues(RunContext context, NodeStatements statements)
{
    private const int Samples = 5;

    private readonly InPlaceFiles _inPlace = new(context);

    /// <param name="watched">The columns that somebody reads.</param>
    /// <returns>Null where nothing is lost.</returns>
    public async Task<LostValues?> FindAsync(
        SessionPool.Lease lease,
        ConnectionRun on,
        ModelNode model,
        SourceNode source,
        ImmutableArray<LandedFile> files,
        ImmutableArray<string> watched,
        CancellationToken cancellationToken
    )
    {
        if (files.IsEmpty || source.Files is not { } config)
            return null;
        var partitions = config.HivePartitions ? FilePartitions.NamesOf(files) : [];
        // a path of JSON has no way to write a quote
        ImmutableArray<ColumnInfo> columns =
        [
            .. config.Columns.Where(column =>
                column.DataType is not null
                && watched.Contains(column.Name, StringComparer.OrdinalIgnoreCase)
                && !partitions.Contains(column.Name, StringComparer.OrdinalIgnoreCase)
                && !column.Name.Contains('"')
            ),
        ];
        var query = await _inPlace.OfferAsync(
            lease,
            on,
            source,
            files,
            BadContent.IsError,
            cancellationToken
        );
        var kinds = await statements.QueryAsync(
            lease,
            model,
            $"""
            select lost, found, path, place, raw from (
              select *, count(*) over (partition by lost) as found, row_number() over (partition by lost order by path, place) as nth
              from (
                select {Lost(
                on,
                columns
            )} as lost, _source_file as path, _source_row as place, left(_raw, {LostValues.SampleLength + 1}) as raw
                from (
            {query}
                ) as landed
              ) as rows_of where lost is not null
            ) as kinds where nth = 1 order by path, place
            """,
            int.MaxValue,
            cancellationToken
        );
        if (kinds.Rows.IsEmpty)
            return null;
        var values = new SortedDictionary<int, long>();
        var (objects, lines) = (0L, 0L);
        var samples = ImmutableArray.CreateBuilder<string>();
        foreach (var row in kinds.Rows)
        {
            var count = RowSet.Long(row[1]);
            lines += count;
            int[] indexes =
            [
                .. $"{row[0]}"
                    .Split(',', StringSplitOptions.RemoveEmptyEntries)
                    .Select(index => int.Parse(index, CultureInfo.InvariantCulture)),
            ];
            foreach (var index in indexes)
                values[index] = values.GetValueOrDefault(index) + count;
            if (indexes.Length == 0)
                objects += count;
            if (samples.Count < Samples)
                samples.Add(LostValues.Sample(Place(row, config), Reason(columns, indexes), $"{row[4]}"));
        }
        return new LostValues(
            [.. values.Select(value => (columns[value.Key].Name, value.Value))],
            objects,
            samples.ToImmutable()
        )
        {
            Lines = lines,
        };
    }

    /// <summary>The indexes of the columns that lose something, behind each other; empty for what is no object, null where nothing is lost.</summary>
    private static string Lost(ConnectionRun on, ImmutableArray<ColumnInfo> columns)
    {
        var each = columns.Select(
            (column, index) =>
            {
                var value =
                    $"json_extract_string(try_cast(_raw as json), {on.Dialect.QuoteString($"$.\"{column.Name}\"")})";
                return string.Create(
                    CultureInfo.InvariantCulture,
                    $"case when {on.Dialect.QuoteIdentifier(column.Name)} is null and {value} is not null then '{index}' end"
                );
            }
        );
        var some = columns.IsEmpty ? "null" : $"nullif(concat_ws(',', {string.Join(", ", each)}), '')";
        return $"case when _malformed then '' else {some} end";
    }

    private static string Place(object?[] row, FilesConfig config) =>
        config.Format == FileFormat.JsonLines
            ? string.Create(CultureInfo.InvariantCulture, $"{row[2]}:{row[3]}")
            : $"{row[2]}";

    private static string Reason(ImmutableArray<ColumnInfo> columns, int[] indexes) =>
        indexes.Length == 0
            ? "is not a JSON object"
            : string.Join(
                "; ",
                indexes.Select(index =>
                    $"column '{columns[index].Name}' is not a valid {columns[index].DataType}"
                )
            );
}
