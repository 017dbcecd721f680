using System.Collections.Immutable;
using Strata.Compiler.Manifest;
using Strata.Runner.Adapters;

namespace Strata.Cli.Docs;

/// <summary>A column as YAML declares it, as its query gives it, or both.</summary>
/// <param name="Type">The type that the engine gives it, else the declared one.</param>
/// <param name="Declared">Null where only the query says that there is such a column.</param>
internal sealed record DocsColumn(string Name, string? Type, ColumnInfo? Declared)
{
    public string Description => Declared?.Description ?? "";

    /// <summary>In the order of the relation; behind them what is declared and not known to be there.</summary>
    public static ImmutableArray<DocsColumn> Merge(
        ImmutableArray<ColumnInfo> declared,
        ImmutableArray<ColumnSchema> known
    )
    {
        var byName = declared
            .GroupBy(column => column.Name, StringComparer.OrdinalIgnoreCase)
            .ToDictionary(some => some.Key, some => some.First(), StringComparer.OrdinalIgnoreCase);
        var names = known.Select(column => column.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return
        [
            .. known.Select(column => new DocsColumn(
                column.Name,
                column.Type,
                byName.GetValueOrDefault(column.Name)
            )),
            .. declared
                .Where(column => !names.Contains(column.Name))
                .Select(column => new DocsColumn(column.Name, column.DataType, column)),
        ];
    }
}
