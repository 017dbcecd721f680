namespace Strata.Compiler.Manifest.Building;

/// <summary>
/// A reference written as a value in YAML: <c>ref('orders')</c>, <c>ref "orders"</c>, <c>source('landing', 'events')</c>,
/// with or without braces around it.
/// </summary>
internal static class ReferenceText
{
    /// <summary>The function and its one or two arguments, or null when the text is something else.</summary>
    public static (string Function, string[] Arguments)? Parse(string text)
    {
        var rest = text.AsSpan().Trim();
        if (rest.StartsWith("{{", StringComparison.Ordinal) && rest.EndsWith("}}", StringComparison.Ordinal))
            rest = rest[2..^2].Trim();
        string? function = null;
        foreach (var name in (string[])["ref", "source"])
        {
            if (
                rest.StartsWith(name, StringComparison.Ordinal)
                && rest.Length > name.Length
                && rest[name.Length] is '(' or ' ' or '"' or '\''
            )
                function = name;
        }
        if (function is null)
            return null;
        rest = rest[function.Length..].Trim();
        if (rest.StartsWith("(", StringComparison.Ordinal))
        {
            if (!rest.EndsWith(")", StringComparison.Ordinal))
                return null;
            rest = rest[1..^1];
        }
        var arguments = new List<string>();
        for (rest = rest.Trim(); !rest.IsEmpty; rest = rest.TrimStart([' ', ',']))
        {
            var quote = rest[0];
            var end = quote is '"' or '\'' ? rest[1..].IndexOf(quote) : -1;
            if (end < 0)
                return null;
            arguments.Add(rest.Slice(1, end).ToString());
            rest = rest[(end + 2)..];
        }
        return arguments.Count is 1 or 2 ? (function, [.. arguments]) : null;
    }
}
