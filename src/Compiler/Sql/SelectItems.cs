using Strata.Compiler.Text;

namespace Strata.Compiler.Sql;

/// <summary>
/// What the select lists of a text name, those of subqueries and common table expressions among them: by tokens, so that it holds for every
/// engine. Items without a name (<c>*</c>, an expression without an alias) are left out. Pure.
/// </summary>
public static class SelectItems
{
    /// <returns>Each name as it is called, without quotes, with the text of its item.</returns>
    public static IEnumerable<(string Name, TextSpan Span)> In(string sql)
    {
        var levels = new Stack<Level>();
        var level = new Level();
        for (var lexer = new SqlLexer(sql); lexer.TryReadCode(out var token); )
        {
            var isWord = token.Kind == SqlTokenKind.Word;
            var symbol = token.Kind == SqlTokenKind.Symbol ? sql[token.Start] : '\0';
            if (isWord && Is("select"))
            {
                level.Begin(token.End);
            }
            else if (symbol == '(')
            {
                level.Add(SqlTokenKind.Symbol, token, symbol);
                levels.Push(level);
                level = new Level();
            }
            else if (symbol == ')')
            {
                if (level.End(sql, token.Start) is { } last)
                    yield return last;
                level = levels.Count > 0 ? levels.Pop() : new Level();
                level.Add(SqlTokenKind.Symbol, token, symbol);
            }
            else if (symbol == ',' && level.IsList)
            {
                if (level.End(sql, token.Start) is { } item)
                    yield return item;
                level.Begin(token.End);
            }
            else if (symbol == ';' || isWord && level.IsList && EndsList())
            {
                if (level.End(sql, token.Start) is { } item)
                    yield return item;
            }
            else
            {
                level.Add(token.Kind, token, symbol);
            }

            bool Is(string word) =>
                sql.AsSpan(token.Start, token.Length).Equals(word, StringComparison.OrdinalIgnoreCase);

            bool EndsList() =>
                // 'is distinct from' goes on
                Is("from") && !level.EndsWith(sql, "distinct")
                || Is("where")
                || Is("union")
                || Is("except")
                || Is("intersect")
                || Is("qualify")
                || Is("limit");
        }
        if (level.End(sql, sql.Length) is { } final)
            yield return final;
    }

    /// <summary>What stands between two parentheses.</summary>
    private sealed class Level
    {
        private int _start;
        private (SqlTokenKind Kind, SqlToken Token, char Symbol) _last;
        private (SqlTokenKind Kind, SqlToken Token, char Symbol) _before;
        private int _count;

        /// <summary>Whether a select list is being read.</summary>
        public bool IsList { get; private set; }

        public void Begin(int start)
        {
            (IsList, _start, _count) = (true, start, 0);
        }

        public bool EndsWith(string sql, string word) =>
            _count > 0
            && sql.AsSpan(_last.Token.Start, _last.Token.Length)
                .Equals(word, StringComparison.OrdinalIgnoreCase);

        public void Add(SqlTokenKind kind, SqlToken token, char symbol)
        {
            (_before, _last) = (_last, (kind, token, symbol));
            _count++;
        }

        public (string Name, TextSpan Span)? End(string sql, int end)
        {
            var isItem = IsList && _count > 0;
            IsList = false;
            if (!isItem || _last.Kind is not (SqlTokenKind.Word or SqlTokenKind.QuotedName))
                return null;
            // behind an operator stands an operand; behind a dot, a parenthesis or another operand, a name
            if (
                _count > 1
                && _before.Kind == SqlTokenKind.Symbol
                && _before.Symbol is not ('.' or ')' or ']')
            )
                return null;
            var text = sql.Substring(_last.Token.Start, _last.Token.Length);
            var name =
                _last.Kind == SqlTokenKind.QuotedName
                    ? text[1..^1].Replace("\"\"", "\"", StringComparison.Ordinal)
                    : text;
            return (name, TextSpan.FromBounds(_start, end));
        }
    }
}
