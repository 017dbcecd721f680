using Strata.Compiler.Sql;

namespace Strata.Compiler.Manifest.Building.Checks;

/// <summary>Whether a query gives all columns of a relation: a star takes them at every step from its end to there.</summary>
/// <param name="isRelation">Whether the relation's name stands at an offset.</param>
internal sealed class CarriedColumns(Func<int, bool> isRelation)
{
    /// <param name="query">Null where it cannot be followed.</param>
    public bool AreAll(SelectQuery? query, string text) =>
        query is null ? SqlShape.HasStar(text) : AreAll(query, []);

    private bool AreAll(SelectQuery query, Dictionary<string, bool> tables)
    {
        tables = new Dictionary<string, bool>(tables, StringComparer.OrdinalIgnoreCase);
        foreach (var table in query.Tables)
            tables[table.Name] = table.Query is { } inner && AreAll(inner, tables);
        return query.Branches.Any(branch =>
            branch.Items.Any(item => item.Star is not null)
            && branch.Inputs.Any(input =>
                isRelation(input.Start)
                || input.Query is { } inner && AreAll(inner, tables)
                || input.Name is { } name && tables.GetValueOrDefault(name)
            )
        );
    }
}
