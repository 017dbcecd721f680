using Strata.Compiler.Sql;

namespace Strata.Tests.Engine.Dialects;

internal sealed class PostgresChecks(SqlDialect sql) : CheckDialect(sql)
{
    // an embedded option must stand first in the pattern, before any other
    public override string Regex(string text, string pattern, string flags) =>
        flags.Length == 0 ? $"{text} ~ {Text(pattern)}" : $"{text} ~ {Text($"(?{flags}){pattern}")}";

    // Postgres 15 has no test for it that does not raise
    public override string IsJson(string text) => throw new NotSupportedException(text);

    public override string AddInterval(string unit, string count, string timestamp) =>
        unit == "quarter"
            ? $"({timestamp} + ({count}) * interval '3 month')"
            : $"({timestamp} + ({count}) * interval '1 {unit}')";
}
