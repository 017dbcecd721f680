using System.Text.RegularExpressions;
using Strata.Runner.Adapters.Errors;

namespace Strata.Runner.Files.Landing.Typing;

/// <summary>
/// How an engine that reads files itself says which value does not fit. Its own words name neither the file nor the column; so the text that it
/// is given to cast, and shows when it cannot, tells of both. It must not look like a list.
/// </summary>
/// <param name="Path">Of the file, as it is shown.</param>
/// <param name="Column">As declared; of a nested type with the path in it.</param>
/// <param name="Value">Its first hundred characters.</param>
/// <param name="Reason">In words.</param>
internal sealed partial record MisfitError(string Path, string Column, string Value, string Reason)
{
    private const string Begin = "<<";
    private const string End = ">>";

    /// <summary>The text, as an expression that no type takes.</summary>
    /// <param name="file">An expression for the path.</param>
    /// <param name="reason">An expression: <c>column 'a': 'x' is not a valid integer</c>.</param>
    public static string Text(string file, string reason) =>
        $"'{Begin}' || {file} || ': ' || {reason} || '{End}'";

    /// <summary>Null for an error of another kind.</summary>
    public static MisfitError? Find(EngineError error) =>
        error.Message.Contains(Begin, StringComparison.Ordinal)
        && Words().Match(error.Message) is { Success: true } found
            ? new MisfitError(
                found.Groups["path"].Value,
                found.Groups["column"].Value,
                found.Groups["value"].Value,
                found.Groups["reason"].Value
            )
            : null;

    [GeneratedRegex(
        @"<<(?<path>.+?): (?<reason>column '(?<column>.+?)': '(?<value>.*?)' is .+?)>>",
        RegexOptions.Singleline | RegexOptions.CultureInvariant
    )]
    private static partial Regex Words();
}
