using System.Globalization;
using System.Text;
using System.Text.Json;
using Strata.Compiler.Sql;
using Strata.Tests.Engine.Planning;

namespace Strata.Conformance.Expectations;

/// <summary>A table of a case, made on an engine.</summary>
internal static class CaseTable
{
    /// <summary>The column that keeps the position of each row, where a case asks for it.</summary>
    public const string Ordinal = "strata_ordinal";

    public static CheckRelation Create(
        TestEngine engine,
        string schema,
        string name,
        JsonElement data,
        JsonElement types,
        JsonElement? exactTypes,
        bool isOrdered
    )
    {
        var columns = data.EnumerateObject()
            .Select(c => new CheckColumn(c.Name, TypeOf(engine.Dialect, c.Name, types, exactTypes)))
            .ToList();
        var rows = columns.Count == 0 ? 0 : data.EnumerateObject().Max(c => c.Value.GetArrayLength());
        if (isOrdered)
            columns.Add(new CheckColumn(Ordinal, "bigint"));
        var relation = engine.Dialect.Quote(new RelationName(schema, name));
        var declared = columns.Select(c => $"{engine.Dialect.QuoteIdentifier(c.Name)} {c.Type}");
        engine.Execute($"create table {relation} ({string.Join(", ", declared)})");
        for (var start = 0; start < rows; start += 500)
        {
            var insert = new StringBuilder($"insert into {relation} values ");
            for (var row = start; row < Math.Min(rows, start + 500); row++)
            {
                var values = columns.Select(c =>
                    c.Name == Ordinal && isOrdered
                        ? row.ToString(CultureInfo.InvariantCulture)
                        : Literal(engine.Dialect, data.GetProperty(c.Name)[row], c.Type ?? "")
                );
                insert.Append(row == start ? "" : ", ").Append('(').AppendJoin(", ", values).Append(')');
            }
            engine.Execute(insert.ToString());
        }
        return new CheckRelation(relation, name, [.. columns]);
    }

    private static string TypeOf(SqlDialect dialect, string column, JsonElement types, JsonElement? exact)
    {
        if (exact is { ValueKind: JsonValueKind.Object } given && given.TryGetProperty(column, out var type))
            return ExactType(dialect, type.GetString() ?? "");
        var logical = types.TryGetProperty(column, out var t) ? t.GetString() : "string";
        return dialect.TypeName(
            logical switch
            {
                "integer" => SqlType.BigInt,
                "double" => SqlType.Double,
                "boolean" => SqlType.Boolean,
                "timestamp" => SqlType.Timestamp,
                "date" => SqlType.Date,
                _ => SqlType.Text,
            }
        );
    }

    // the corpus writes SQLAlchemy's names
    private static string ExactType(SqlDialect dialect, string type) =>
        type.ToUpperInvariant() switch
        {
            "DOUBLE_PRECISION" => dialect.TypeName(SqlType.Double),
            "DATETIME" => "timestamp",
            _ => type,
        };

    private static string Literal(SqlDialect dialect, JsonElement value, string type) =>
        value.ValueKind switch
        {
            JsonValueKind.Null => "null",
            JsonValueKind.True => "true",
            JsonValueKind.False => "false",
            JsonValueKind.Number => value.GetRawText(),
            JsonValueKind.Object when value.TryGetProperty("$float", out var special) =>
                $"cast('{special.GetString()}' as {type})",
            JsonValueKind.Object when value.TryGetProperty("$expr", out var relative) =>
                $"cast({dialect.QuoteString(Relative(relative.GetString() ?? ""))} as {type})",
            JsonValueKind.String => $"cast({dialect.QuoteString(value.GetString() ?? "")} as {type})",
            _ => $"cast({dialect.QuoteString(value.GetRawText())} as {type})",
        };

    // 'now - 23 hours', 'start of day of (now - 1 day)'
    private static string Relative(string expression)
    {
        var isDay = expression.StartsWith("start of day of", StringComparison.Ordinal);
        var words = expression
            .Replace("start of day of", "", StringComparison.Ordinal)
            .Trim('(', ')', ' ')
            .Split(' ');
        var at = Given.Now;
        if (words.Length == 4)
        {
            var amount = int.Parse(words[2], CultureInfo.InvariantCulture) * (words[1] == "-" ? -1 : 1);
            at = words[3].TrimEnd('s') switch
            {
                "hour" => at.AddHours(amount),
                "day" => at.AddDays(amount),
                "minute" => at.AddMinutes(amount),
                "month" => at.AddMonths(amount),
                var unit => throw new NotSupportedException($"'{unit}' in '{expression}'"),
            };
        }
        else if (expression != "now")
        {
            throw new NotSupportedException(expression);
        }
        return (isDay ? at.Date : at.DateTime).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
    }
}
