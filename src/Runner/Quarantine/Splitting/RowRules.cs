using System.Collections.Immutable;
using System.Text.Json;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters.Values;
using Strata.Tests.Engine.Planning;

namespace Strata.Runner.Quarantine.Splitting;

/// <summary>The quarantine expectations of a node, bound to one place where its rows stand.</summary>
/// <param name="From">The rows, as an item of FROM, under the node's own name.</param>
/// <param name="Alias">That name, quoted.</param>
/// <param name="Rules">Name of the test, and the condition of a failing row; never null itself.</param>
/// <param name="Judged">True for rows that they are about; null for all.</param>
public sealed record RowRules(
    string From,
    string Alias,
    ImmutableArray<(string Name, string Fails)> Rules,
    string? Judged
)
{
    public const string NoReasons = "[]";

    // functions of some engines take a hundred arguments at most
    private const int MostArguments = 90;

    public static RowRules? Create(
        SqlDialect dialect,
        IEnumerable<PlannedCheck> checks,
        RelationName rows,
        RelationName node,
        string? judged
    )
    {
        var alias = dialect.QuoteIdentifier(node.Name);
        var rules = checks
            .Where(check => check.FailingRow is not null)
            .Select(check => (check.Test.Name, Fails: check.FailingRow ?? "false"))
            .ToImmutableArray();
        return rules.IsEmpty ? null : new RowRules($"{dialect.Quote(rows)} as {alias}", alias, rules, judged);
    }

    /// <summary>Of rows that were judged once, and are no longer.</summary>
    public static RowRules None(SqlDialect dialect, RelationName rows, RelationName node, string? judged)
    {
        var alias = dialect.QuoteIdentifier(node.Name);
        return new RowRules($"{dialect.Quote(rows)} as {alias}", alias, [], judged);
    }

    /// <summary>True for a row that fails any of them.</summary>
    public string AnyFails =>
        Rules.IsEmpty
            ? "false"
            : $"({(Judged is null ? "" : $"{Judged} and ")}({string.Join(" or ", Rules.Select(rule => rule.Fails))}))";

    /// <summary>The names of those that a row fails, as a JSON array; <see cref="NoReasons"/> of one that passes.</summary>
    public string Reasons(SqlDialect dialect)
    {
        if (Rules.IsEmpty)
            return $"'{NoReasons}'";
        var names = Rules
            .Select(rule => $"case when {rule.Fails} then {dialect.QuoteString(PlainJson.Of(rule.Name))} end")
            .Chunk(MostArguments)
            .Select(some => $"nullif(concat_ws(',', {string.Join(", ", some)}), '')");
        return $"concat('[', concat_ws(',', {string.Join(", ", names)}), ']')";
    }

    /// <summary>The names in a JSON array of reasons.</summary>
    public static ImmutableArray<string> ReadReasons(string? json)
    {
        try
        {
            return PlainJson.Texts(json ?? "[]");
        }
        catch (JsonException)
        {
            // the table is the user's to edit
            return json is null ? [] : [json];
        }
    }
}
