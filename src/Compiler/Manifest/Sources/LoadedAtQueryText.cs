using System.Text.RegularExpressions;

namespace Strata.Compiler.Manifest.Sources;

/// <summary>The text of a <c>loaded_at_query</c>: SQL in which <c>{{ this }}</c> stands for the source, and no other template.</summary>
public static partial class LoadedAtQueryText
{
    /// <summary>The query over a relation.</summary>
    /// <param name="relation">A quoted name, or a query in parentheses.</param>
    public static string Over(string query, string relation) => This().Replace(query, _ => relation);

    /// <returns>The first template that is not <c>{{ this }}</c>.</returns>
    public static string? FindUnknown(string query) =>
        Template().Match(This().Replace(query, "")) is { Success: true } found ? found.Value : null;

    [GeneratedRegex(@"\{\{-?\s*this\s*-?\}\}")]
    private static partial Regex This();

    [GeneratedRegex(@"\{\{.*?(\}\}|$)|\{%.*?(%\}|$)", RegexOptions.Singleline)]
    private static partial Regex Template();
}
