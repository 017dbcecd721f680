using Strata.Compiler.Sql;

namespace Strata.Compiler.Manifest.Building.Checks;

/// <summary>
/// Whether a query that reads the rows of the keys that changes touch gives a row for a key that has none left: it reads the changes, and
/// what it joins to them may be missing. One that asks <c>where k in (select k from changes)</c>, or joins them with the rows that are there, gives none.
/// </summary>
/// <param name="isChanges">Whether changes of the relation stand at an offset.</param>
/// <param name="isRelation">Whether the relation itself stands at an offset.</param>
internal sealed class TouchedKeys(SqlTokenTree tokens, Func<int, bool> isChanges, Func<int, bool> isRelation)
{
    public bool AreAllGiven() =>
        SelectQueryParser.Parse(tokens) is { } query ? Gives(query, []) : HasOuterJoin();

    // of a common table, whether it gives all keys and whether it reads the rows that are there
    private bool Gives(SelectQuery query, Dictionary<string, (bool Gives, bool Reads)> tables)
    {
        tables = new Dictionary<string, (bool, bool)>(tables, StringComparer.OrdinalIgnoreCase);
        foreach (var table in query.Tables)
            tables[table.Name] = (
                table.Query is { } inner
                    ? Gives(inner, tables)
                    : Holds(table.Body, isChanges, name => tables.GetValueOrDefault(name).Gives),
                ReadsRelation(table.Body, tables)
            );
        return query.Branches.Any(branch =>
            branch.Inputs.Any(input => !input.IsHidden && Gives(input, tables))
            && branch.Inputs.All(input =>
                input.MayBeMissing || Gives(input, tables) || !ReadsRelation(input.Body, tables)
            )
        );
    }

    private bool Gives(SelectQuery.Input input, Dictionary<string, (bool Gives, bool Reads)> tables) =>
        !input.MayBeMissing
        && (
            input.Query is { } inner
                ? Gives(inner, tables)
                : Holds(input.Body, isChanges, name => tables.GetValueOrDefault(name).Gives)
        );

    private bool ReadsRelation(Range body, Dictionary<string, (bool Gives, bool Reads)> tables) =>
        Holds(body, isRelation, name => tables.GetValueOrDefault(name).Reads);

    private bool Holds(Range body, Func<int, bool> isOne, Func<string, bool> isTable)
    {
        for (var i = body.Start.Value; i < body.End.Value; i++)
        {
            if (isOne(tokens[i].Start) || tokens.IsName(i) && isTable(tokens.NameAt(i)))
                return true;
        }
        return false;
    }

    private bool HasOuterJoin()
    {
        for (var i = 0; i < tokens.Count; i++)
        {
            if (tokens.Is(i, "join") && tokens.Is(i - 1, "left", "right", "full", "outer"))
                return true;
        }
        return false;
    }
}
