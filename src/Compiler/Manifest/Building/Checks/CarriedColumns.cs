using Strata.Compiler.Sql;

namespace Strata.Compiler.Manifest.Building.Checks;

/// <summary>
/// Whether a query gives all columns of a relation: a star takes them at every step from its end to there. What cannot be followed is taken to do so
/// where it reads the relation: who is warned for nothing looks at no warning any more.
/// </summary>
/// <param name="isRelation">Whether the relation's name stands at an offset.</param>
internal sealed class CarriedColumns(SqlTokenTree tokens, Func<int, bool> isRelation)
{
    public bool AreAll() =>
        SelectQueryParser.Parse(tokens) is { } query ? AreAll(query, []) : SqlShape.HasStar(tokens.Text);

    private bool AreAll(SelectQuery query, Dictionary<string, bool> tables)
    {
        tables = new Dictionary<string, bool>(tables, StringComparer.OrdinalIgnoreCase);
        foreach (var table in query.Tables)
            tables[table.Name] = table.Query is { } inner ? AreAll(inner, tables) : Reads(table.Body, tables);
        return query.Branches.Any(branch =>
            branch.Items.Any(item =>
                item.Star is { } star
                && branch.Inputs.Any(input => !input.IsHidden && IsOf(star, input) && Carries(input, tables))
            )
        );
    }

    private static bool IsOf(SelectQuery.Star star, SelectQuery.Input input) =>
        star.Of is null || star.Of.Equals(input.Alias ?? input.Name, StringComparison.OrdinalIgnoreCase);

    private bool Carries(SelectQuery.Input input, Dictionary<string, bool> tables)
    {
        if (input.Query is { } inner)
            return AreAll(inner, tables);
        if (input.Start < 0)
            return Reads(input.Body, tables);
        return isRelation(input.Start) || input.Name is { } name && tables.GetValueOrDefault(name);
    }

    private bool Reads(Range body, Dictionary<string, bool> tables)
    {
        for (var i = body.Start.Value; i < body.End.Value; i++)
        {
            if (isRelation(tokens[i].Start) || tokens.IsName(i) && tables.GetValueOrDefault(tokens.NameAt(i)))
                return true;
        }
        return false;
    }
}
