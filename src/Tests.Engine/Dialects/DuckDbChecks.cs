using Strata.Compiler.Sql;

namespace Strata.Tests.Engine.Dialects;

internal sealed class DuckDbChecks(SqlDialect sql) : CheckDialect(sql)
{
    public override bool DefersSubqueries => false;

    // a filter makes DuckDB slice the vectors for each aggregate anew
    public override string CountWhere(string condition) => $"count_if({condition})";

    public override string DescribeColumns(string from) =>
        $"select column_name, column_type from (describe select * from {from}) as described";

    public override string Regex(string text, string pattern, string flags) =>
        flags.Length == 0
            ? $"regexp_matches({text}, {Text(pattern)})"
            : $"regexp_matches({text}, {Text(pattern)}, {Text(flags)})";

    public override string RegexGroup(string text, string pattern, int group) =>
        $"regexp_extract({text}, {Text(pattern)}, {group}, 'i')";

    public override string IsJson(string text) => $"json_valid({text})";

    public override string AddInterval(string unit, string count, string timestamp) =>
        $"({timestamp} + ({count}) * interval 1 {unit})";

    public override string Series(string unit, string from, string to) =>
        $"select unnest(generate_series({from}, {to}, interval 1 {unit})) as instant";

    public override string Exponential(string number, int digits) =>
        $"format('{{:.{digits - 1}e}}', {number})";

    public override string EpochMicros(string instant) => $"epoch_us({instant})";

    public override string Hex(string bytes) => $"lower(hex({bytes}))";

    public override string HexToNumber(string hex) =>
        $"cast('0x' || {hex} as {Sql.TypeName(SqlType.BigInt)})";
}
