using System.IO.Compression;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Strata.Runner.Tests.Support;

/// <summary>
/// The published lists of the members of an index, read as their events were derived: rows that are too short lack their last
/// columns, those that are too long lose what is too much, and an empty field is null.
/// </summary>
public static partial class MembershipLists
{
    public const string Data = "data/market/sp500_constituents";

    public static readonly string[] Columns =
    [
        "Symbol",
        "Name",
        "Sector",
        "Security",
        "Company",
        "GICS Sector",
        "GICS Sub-Industry",
        "Headquarters Location",
        "Date added",
        "CIK",
        "Founded",
    ];

    /// <summary>A DuckDB query for all rows, with the list's instant as <c>stamp</c>.</summary>
    public static string Query(Workbench bench)
    {
        var lines = new List<string>();
        foreach (
            var file in Directory.EnumerateFiles(
                Corpora.PathTo(Data),
                "*.csv.gz",
                SearchOption.AllDirectories
            )
        )
        {
            using var reader = new StreamReader(
                new GZipStream(File.OpenRead(file), CompressionMode.Decompress)
            );
            var rows = reader
                .ReadToEnd()
                .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(Fields)
                .ToList();
            foreach (var row in rows.Skip(1))
            {
                var values = rows[0]
                    .Zip(row)
                    .Where(pair => pair.Second.Length > 0)
                    .ToDictionary(p => p.First, p => p.Second);
                values["stamp"] = Stamp().Match(file).Value;
                lines.Add(JsonSerializer.Serialize(values));
            }
        }
        var path = bench.Write("lists.jsonl", string.Join('\n', lines));
        var columns = string.Join(", ", Columns.Prepend("stamp").Select(column => $"'{column}': 'VARCHAR'"));
        return $"select * from read_json('{path}', format = 'newline_delimited', columns = {{{columns}}})";
    }

    private static string[] Fields(string line) =>
        [
            .. Field()
                .Matches(line.TrimEnd('\r'))
                .Select(m => m.Value.TrimStart(',').Trim('"').Replace("\"\"", "\"")),
        ];

    [GeneratedRegex("[0-9]+T[0-9]+Z")]
    private static partial Regex Stamp();

    [GeneratedRegex("(^|,)(\"([^\"]|\"\")*\"|[^,]*)")]
    private static partial Regex Field();
}
