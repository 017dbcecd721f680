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
        "select",
        "similar",
        "some",
        "to",
        "then",
        "when",
        "where"
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
            return IsTable(i) || !IsSymbol(i - 1, ".") && (IsSymbol(i + 1, ".") || IsAlias(i))
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

        // "from other as target", "from other target"
        bool IsAlias(int i) =>
            i > 0
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
            return first > 0
                && (IsWord(first - 1, "from") || IsWord(first - 1, "join") || IsSymbol(first - 1, ","))
                && IsInFrom(first);
        }

        bool HasAlias(int i) =>
            i + 1 < tokens.Count
            && (
                tokens[i + 1].Kind == SqlTokenKind.QuotedName
                || tokens[i + 1].Kind == SqlTokenKind.Word && !BehindTables.Contains(Text(i + 1))
            );

        // behind the "from" of a subquery, as there is one in calls of functions, too
        bool IsInFrom(int i)
        {
            var depth = 0;
            string? clause = null;
            for (i--; i >= 0 && depth >= 0; i--)
            {
                if (IsSymbol(i, ")"))
                    depth++;
                else if (IsSymbol(i, "("))
                    depth--;
                else if (depth == 0 && tokens[i].Kind == SqlTokenKind.Word && Clauses.Contains(Text(i)))
                    clause ??= Text(i);
                if (depth == 0 && IsWord(i, "select"))
                    return clause is not null && TableClauses.Contains(clause);
            }
            return false;
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
