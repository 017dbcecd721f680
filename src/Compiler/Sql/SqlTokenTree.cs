namespace Strata.Compiler.Sql;

/// <summary>The code of a text as tokens that know where their brackets close: <c>(</c>, <c>[</c> and <c>{</c> are one level each.</summary>
internal sealed class SqlTokenTree
{
    // the fewest that SQL has, blanks counted: the list need not grow
    private const int CharactersPerToken = 2;

    private readonly List<SqlToken> _tokens;
    private readonly int[] _closing;

    private SqlTokenTree(string text, List<SqlToken> tokens, int[] closing)
    {
        (Text, _tokens, _closing) = (text, tokens, closing);
    }

    public string Text { get; }

    public int Count => _tokens.Count;

    public SqlToken this[int index] => _tokens[index];

    /// <returns>Null where brackets or quotes do not close.</returns>
    public static SqlTokenTree? Read(string text)
    {
        var tokens = new List<SqlToken>(text.Length / CharactersPerToken);
        for (var lexer = new SqlLexer(text); lexer.TryReadCode(out var token); )
        {
            if (token.Kind == SqlTokenKind.Unclosed)
                return null;
            tokens.Add(token);
        }
        var closing = new int[tokens.Count];
        var open = new Stack<int>();
        for (var i = 0; i < tokens.Count; i++)
        {
            var symbol = tokens[i].Kind == SqlTokenKind.Symbol ? text[tokens[i].Start] : '\0';
            if (symbol is '(' or '[' or '{')
            {
                open.Push(i);
            }
            else if (symbol is ')' or ']' or '}')
            {
                if (!open.TryPop(out var begin) || text[tokens[begin].Start] != Opening(symbol))
                    return null;
                closing[begin] = i;
            }
        }
        return open.Count > 0 ? null : new SqlTokenTree(text, tokens, closing);
    }

    private static char Opening(char closing) =>
        closing switch
        {
            ')' => '(',
            ']' => '[',
            _ => '{',
        };

    public SqlTokenKind? KindAt(int index) => index < Count ? _tokens[index].Kind : null;

    public string TextAt(int index) => SpanAt(index).ToString();

    public ReadOnlySpan<char> SpanAt(int index) => Text.AsSpan(_tokens[index].Start, _tokens[index].Length);

    /// <summary>Whether a query ends there and another one is added to it; <c>* except (a)</c> takes columns from a star.</summary>
    public bool IsSetOperator(int index) =>
        Is(index, "union", "intersect")
        || Is(index, "except") && !(IsSymbol(index - 1, '*') && !Is(index + 1, "select", "all"));

    public bool Is(int index, params ReadOnlySpan<string> words)
    {
        if (index < 0 || index >= Count || _tokens[index].Kind != SqlTokenKind.Word)
            return false;
        foreach (var word in words)
        {
            if (SqlShape.IsWord(Text, _tokens[index], word))
                return true;
        }
        return false;
    }

    public bool IsSymbol(int index, char symbol) =>
        index >= 0
        && index < Count
        && _tokens[index].Kind == SqlTokenKind.Symbol
        && Text[_tokens[index].Start] == symbol;

    public bool IsName(int index) =>
        index >= 0 && index < Count && _tokens[index].Kind is SqlTokenKind.Word or SqlTokenKind.QuotedName;

    /// <summary>A name without its quotes.</summary>
    public string NameAt(int index)
    {
        var text = TextAt(index);
        return _tokens[index].Kind == SqlTokenKind.QuotedName
            ? text[1..^1].Replace("\"\"", "\"", StringComparison.Ordinal)
            : text;
    }

    /// <summary>Where what an opening bracket encloses ends; of any other token the token itself.</summary>
    public int Closing(int index) => _closing[index] > 0 ? _closing[index] : index;

    /// <summary>The next token of the same level.</summary>
    public int Next(int index) => Closing(index) + 1;
}
