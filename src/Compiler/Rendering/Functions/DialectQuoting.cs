using System.Globalization;
using System.Numerics;
using Strata.Compiler.Sql;
using Strata.Compiler.Templating;

namespace Strata.Compiler.Rendering.Functions;

/// <summary>Lets templates quote as the node's engine does.</summary>
internal sealed class DialectQuoting(SqlDialect dialect) : ISqlQuoting
{
    public string QuoteIdentifier(string name) => dialect.QuoteIdentifier(name);

    public string Literal(object? value) =>
        value switch
        {
            null => "null",
            true => "true",
            false => "false",
            int or long or BigInteger or decimal => Convert.ToString(value, CultureInfo.InvariantCulture)
                ?? "null",
            double number when double.IsFinite(number) => number.ToString("R", CultureInfo.InvariantCulture),
            float number when float.IsFinite(number) => number.ToString("R", CultureInfo.InvariantCulture),
            double or float =>
                $"cast({dialect.QuoteString(Convert.ToString(value, CultureInfo.InvariantCulture) ?? "")} as {dialect.TypeName(SqlType.Double)})",
            _ => dialect.QuoteString(Convert.ToString(value, CultureInfo.InvariantCulture) ?? ""),
        };

    public string DateLiteral(DateOnly date) =>
        string.Create(CultureInfo.InvariantCulture, $"date '{date:yyyy-MM-dd}'");

    public string TimestampLiteral(DateTime timestamp) =>
        string.Create(CultureInfo.InvariantCulture, $"timestamp '{timestamp:yyyy-MM-dd HH:mm:ss.FFFFFF}'");
}
