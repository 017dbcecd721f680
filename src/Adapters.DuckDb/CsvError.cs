namespace Strata.Adapters.DuckDb;

/// <summary>What DuckDB says of a csv file that it cannot read, without the advice for whoever wrote the query.</summary>
internal static class CsvError
{
    private const string Start = "CSV Error on Line: ";
    private const string OriginalLine = "Original Line: ";
    private const string FileName = "file = ";

    /// <returns>The file, the line and the problem, then the line itself; null where the message is about something else.</returns>
    public static string? Explain(string message)
    {
        var lines = message.ReplaceLineEndings("\n").Split('\n');
        if (!lines[0].StartsWith(Start, StringComparison.Ordinal))
            return null;
        var original = Array.Find(lines, line => line.StartsWith(OriginalLine, StringComparison.Ordinal));
        var file = Array.Find(lines, line => line.Trim().StartsWith(FileName, StringComparison.Ordinal));
        var problem = lines
            .Skip(1)
            .SkipWhile(line => line.Trim().Length > 0)
            .FirstOrDefault(line => line.Trim().Length > 0);
        if (file is null || problem is null)
            return null;
        var place = $"{file.Trim()[FileName.Length..]}, line {lines[0][Start.Length..].Trim()}";
        var text = $"{place}: {problem.Trim().TrimEnd('.')}";
        return original is null ? text : $"{text}\n{original[OriginalLine.Length..]}";
    }
}
