namespace Strata.Compiler.Templating;

/// <summary>How a dialect writes names and values; given to the scope by the host, used by <c>sql_literal</c> and its kin.</summary>
public interface ISqlQuoting
{
    /// <summary>One part of a name, always quoted: <c>"order"</c>.</summary>
    string QuoteIdentifier(string name);

    /// <summary>A null, bool, string or number as a literal.</summary>
    string Literal(object? value);

    string DateLiteral(DateOnly date);

    string TimestampLiteral(DateTime timestamp);
}
