using System.Collections.Immutable;
using System.Text;
using Strata.Compiler.Sql;

namespace Strata.Runner.Materializations;

/// <summary>
/// A condition of <c>incremental_predicates</c>. Whoever writes it calls the two rows <c>target</c> and <c>batch</c>, which the statements
/// call something else (<see cref="RowAlias"/>).
/// </summary>
internal static class MatchPredicate
{
    /// <summary>Words that stand before an expression: a name behind one of them names no table.</summary>
    private static readonly ImmutableHashSet<string> BeforeValues = ImmutableHashSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "all",
        "and",
        "any",
        "between",
        "by",
        "case",
        "distinct",
        "else",
        "from",
        "having",
        "ilike",
        "in",
        "is",
        "join",
        "like",
        "not",
        "on",
        "or",
        "qualify",
        "recursive",
        "select",
        "similar",
        "some",
        "to",
        "then",
        "when",
        "where",
        "with"
    );

    private static readonly ImmutableHashSet<string> BehindTables = ImmutableHashSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "anti",
        "asof",
        "cross",
        "except",
        "full",
        "group",
        "having",
        "inner",
        "intersect",
        "join",
        "left",
        "limit",
        "natural",
        "offset",
        "on",
        "order",
        "positional",
        "qualify",
        "right",
        "semi",
        "tablesample",
        "union",
        "using",
        "where",
        "window"
    );

    private static readonly ImmutableHashSet<string> TableClauses = ImmutableHashSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "from",
        "join"
    );

    private static readonly ImmutableHashSet<string> Clauses = TableClauses.Union([
        "by",
        "having",
        "on",
        "qualify",
        "select",
        "where",
    ]);

    /// <summary>Functions that have a <c>from</c> among their arguments.</summary>
    private static readonly ImmutableHashSet<string> FunctionsWithFrom = ImmutableHashSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "extract",
        "overlay",
        "substring",
        "trim"
    );

    private static readonly ImmutableArray<string> Names = ["target", "batch"];

    /// <summary>The condition as a statement can hold it. A table of its own that has one of the two names keeps hiding the row.</summary>
    public static string Bind(SqlDialect dialect, string predicate)
    {
        var tokens = new List<SqlToken>();
        var lexer = new SqlLexer(predicate);
        while (lexer.TryReadCode(out var token))
            tokens.Add(token);
        var bound = new StringBuilder();
        var end = 0;
        for (var i = 0; i < tokens.Count; i++)
        {
            if (AliasOf(i) is not { } alias)
                continue;
            bound.Append(predicate, end, tokens[i].Start - end);
            // a table that has the name by itself gets the other one
            bound.Append(IsTable(i) ? $"{Text(i)} as {alias}" : alias);
            end = tokens[i].End;
        }
        return bound.Append(predicate, end, predicate.Length - end).ToString();

        string? AliasOf(int i)
        {
            if (Names.FirstOrDefault(name => IsNamed(i, name)) is not { } name)
                return null;
            return
                IsTable(i)
                || !IsSymbol(i - 1, ".") && (IsSymbol(i + 1, ".") ? !IsPlaceOfTable(i) : IsAlias(i))
                ? name == "target"
                    ? RowAlias.Target
                    : RowAlias.Batch
                : null;
        }

        bool IsNamed(int i, string name) =>
            tokens[i].Kind switch
            {
                SqlTokenKind.Word => Text(i).Equals(name, StringComparison.OrdinalIgnoreCase),
                SqlTokenKind.QuotedName => Text(i)[1..^1]
                    .Equals(
                        name,
                        dialect.FoldsCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal
                    ),
                _ => false,
            };

        // "from other as target", "from other target"; what is selected may be called so, too
        bool IsAlias(int i) =>
            i > 0
            && ClauseOf(i) is { } clause
            && TableClauses.Contains(clause)
            && (
                tokens[i - 1].Kind == SqlTokenKind.QuotedName
                || tokens[i - 1].Kind == SqlTokenKind.Word && !BeforeValues.Contains(Text(i - 1))
                || IsSymbol(i - 1, ")")
            );

        // "from target", "join shop.target", "from other, target": without an alias
        bool IsTable(int i)
        {
            if (IsSymbol(i + 1, ".") || HasAlias(i))
                return false;
            var first = i;
            while (IsSymbol(first - 1, ".") && first > 1)
                first -= 2;
            return IsPlaceOfTable(first);
        }

        // behind "from", "join", and the comma between tables, which may follow the condition of a join
        bool IsPlaceOfTable(int i) =>
            IsWord(i - 1, "from") || IsWord(i - 1, "join")
                ? ClauseOf(i) is not null
                : IsSymbol(i - 1, ",")
                    && ClauseOf(i) is { } clause
                    && (
                        TableClauses.Contains(clause)
                        || clause.Equals("on", StringComparison.OrdinalIgnoreCase)
                    );

        bool HasAlias(int i) =>
            i + 1 < tokens.Count
            && (
                tokens[i + 1].Kind == SqlTokenKind.QuotedName
                || tokens[i + 1].Kind == SqlTokenKind.Word && !BehindTables.Contains(Text(i + 1))
            );

        // the clause of a subquery that the token stands in: there is a "from" in calls of functions, too
        string? ClauseOf(int i)
        {
            var depth = 0;
            string? clause = null;
            for (i--; i >= 0; i--)
            {
                if (IsSymbol(i, ")"))
                    depth++;
                else if (IsSymbol(i, "(") && --depth < 0)
                    return i > 0 && FunctionsWithFrom.Contains(Text(i - 1)) ? null : clause;
                else if (depth == 0 && tokens[i].Kind == SqlTokenKind.Word && Clauses.Contains(Text(i)))
                    clause ??= Text(i);
            }
            // outside of all brackets there is no subquery
            return null;
        }

        bool IsWord(int i, string word) =>
            i >= 0
            && tokens[i].Kind == SqlTokenKind.Word
            && Text(i).Equals(word, StringComparison.OrdinalIgnoreCase);

        bool IsSymbol(int i, string symbol) =>
            i >= 0 && i < tokens.Count && tokens[i].Kind == SqlTokenKind.Symbol && Text(i) == symbol;

        string Text(int i) => predicate.Substring(tokens[i].Start, tokens[i].Length);
    }
}
