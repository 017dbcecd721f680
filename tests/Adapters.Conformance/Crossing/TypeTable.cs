namespace Strata.Adapters.Conformance.Crossing;

/// <summary>The tables of docs/reference/types.md, row by row.</summary>
internal static class TypeTable
{
    public static IEnumerable<(string From, string To)> Read(string heading)
    {
        var lines = File.ReadAllLines(RepositoryRoot.Combine("docs", "reference", "types.md"));
        return lines
            .SkipWhile(line => line != $"## {heading}")
            .Skip(1)
            .TakeWhile(line => !line.StartsWith("## ", StringComparison.Ordinal))
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries))
            .Select(cells => (Code(cells[1]), Code(cells[2])));
    }

    // the type stands in backquotes; words around it are for people
    private static string Code(string cell) => cell.Contains('`') ? cell.Split('`')[1] : cell;
}
