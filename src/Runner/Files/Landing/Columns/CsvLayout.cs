using System.Collections.Immutable;
using Strata.Compiler.Manifest.Sources;

namespace Strata.Runner.Files.Landing.Columns;

/// <summary>Which field of a csv file goes where.</summary>
/// <param name="Names">The names of the file's fields, in order, no two the same.</param>
/// <param name="Targets">For each field the place among the landed columns; negative for a field without one.</param>
/// <param name="Missing">Declared columns that the file does not have.</param>
internal sealed record CsvLayout(
    ImmutableArray<string> Names,
    ImmutableArray<int> Targets,
    ImmutableArray<string> Missing
)
{
    /// <summary>Fields of the file that have no column.</summary>
    public IEnumerable<string> Undeclared => Names.Where((_, i) => Targets[i] < 0);

    public static CsvLayout Create(
        FilesConfig config,
        ImmutableArray<string> names,
        ImmutableArray<string> declared,
        ImmutableArray<string> landed
    )
    {
        // what is written as the column is, then an alias, then what only differs in blanks and the like; the first one keeps a column
        var targets = Enumerable.Repeat(-1, names.Length).ToArray();
        var taken = new HashSet<int>();
        foreach (
            var find in (Func<string, int>[])
                [
                    name => IndexOf(landed, name),
                    name => IndexOf(landed, OfAlias(config, name)),
                    name => OfPlain(landed, name),
                ]
        )
        {
            for (var i = 0; i < targets.Length; i++)
            {
                if (targets[i] < 0 && find(names[i]) is >= 0 and var place && taken.Add(place))
                    targets[i] = place;
            }
        }
        return new CsvLayout(
            names,
            [.. targets],
            [.. declared.Where(name => !taken.Contains(landed.IndexOf(name)))]
        );
    }

    /// <summary>The names in a header: those that are empty or there twice get one of their own.</summary>
    public static ImmutableArray<string> Distinct(IReadOnlyList<string> header)
    {
        var names = ImmutableArray.CreateBuilder<string>(header.Count);
        var known = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < header.Count; i++)
        {
            var name = header[i].Trim() is { Length: > 0 } given ? given : $"column{i}";
            var unique = name;
            for (var n = 1; !known.Add(unique); n++)
                unique = $"{name}_{n}";
            names.Add(unique);
        }
        return names.ToImmutable();
    }

    /// <summary>The column that a name is an alias of; null if it is none.</summary>
    private static string? OfAlias(FilesConfig config, string name)
    {
        foreach (var (column, aliases) in config.Aliases)
        {
            if (aliases.Any(alias => alias.Trim().Equals(name, StringComparison.OrdinalIgnoreCase)))
                return column;
        }
        return null;
    }

    private static int OfPlain(ImmutableArray<string> landed, string name)
    {
        var plain = Plain(name);
        for (var i = 0; i < landed.Length; i++)
        {
            if (plain.Length > 0 && Plain(landed[i]) == plain)
                return i;
        }
        return -1;
    }

    private static int IndexOf(ImmutableArray<string> names, string? name)
    {
        for (var i = 0; i < names.Length; i++)
        {
            if (names[i].Equals(name, StringComparison.OrdinalIgnoreCase))
                return i;
        }
        return -1;
    }

    private static string Plain(string name) =>
        string.Concat(name.Where(char.IsLetterOrDigit)).ToLowerInvariant();
}
