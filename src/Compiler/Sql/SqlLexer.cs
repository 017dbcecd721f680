namespace Strata.Compiler.Sql;

/// <summary>
/// Splits SQL into tokens, as far as Postgres and DuckDB agree: nested block comments, doubled quotes,
/// escape strings and dollar quotes. It never fails; what is not closed goes to the end of the text.
/// </summary>
public struct SqlLexer(string text, int start = 0)
{
    private int _position = start;

    /// <summary>The next token, comments included.</summary>
    public bool TryRead(out SqlToken token)
    {
        while (_position < text.Length && char.IsWhiteSpace(text[_position]))
            _position++;
        if (_position >= text.Length)
        {
            token = default;
            return false;
        }
        var begin = _position;
        var kind = Scan();
        token = new SqlToken(kind, begin, _position - begin);
        return true;
    }

    /// <summary>The next token that is not a comment.</summary>
    public bool TryReadCode(out SqlToken token)
    {
        while (TryRead(out token))
        {
            if (token.Kind != SqlTokenKind.Comment)
                return true;
        }
        return false;
    }

    private SqlTokenKind Scan()
    {
        var c = text[_position];
        var next = _position + 1 < text.Length ? text[_position + 1] : '\0';
        switch (c)
        {
            case '-' when next == '-':
                return ScanLineComment();
            case '/' when next == '*':
                return ScanBlockComment();
            case '\'':
                return ScanQuoted('\'', SqlTokenKind.String, hasEscapes: false);
            case '"':
                return ScanQuoted('"', SqlTokenKind.QuotedName, hasEscapes: false);
            case 'e' or 'E' when next == '\'':
                _position++;
                return ScanQuoted('\'', SqlTokenKind.String, hasEscapes: true);
            case '$' when FindDollarTag() is { } tag:
                return ScanDollarQuoted(tag);
        }
        if (char.IsAsciiDigit(c) || (c == '.' && char.IsAsciiDigit(next)))
            return ScanNumber();
        if (IsWordStart(c))
        {
            while (_position < text.Length && IsWordPart(text[_position]))
                _position++;
            return SqlTokenKind.Word;
        }
        _position++;
        return SqlTokenKind.Symbol;
    }

    private SqlTokenKind ScanLineComment()
    {
        while (_position < text.Length && text[_position] is not ('\n' or '\r'))
            _position++;
        return SqlTokenKind.Comment;
    }

    private SqlTokenKind ScanBlockComment()
    {
        var depth = 0;
        while (_position + 1 < text.Length)
        {
            if (text[_position] == '/' && text[_position + 1] == '*')
            {
                depth++;
                _position += 2;
            }
            else if (text[_position] == '*' && text[_position + 1] == '/')
            {
                depth--;
                _position += 2;
                if (depth == 0)
                    return SqlTokenKind.Comment;
            }
            else
            {
                _position++;
            }
        }
        _position = text.Length;
        return SqlTokenKind.Unclosed;
    }

    private SqlTokenKind ScanQuoted(char quote, SqlTokenKind kind, bool hasEscapes)
    {
        _position++;
        while (_position < text.Length)
        {
            var c = text[_position++];
            if (c == '\\' && hasEscapes && _position < text.Length)
            {
                _position++;
            }
            else if (c == quote)
            {
                if (_position >= text.Length || text[_position] != quote)
                    return kind;
                _position++;
            }
        }
        return SqlTokenKind.Unclosed;
    }

    // $$ or $tag$; $1 is a parameter
    private readonly string? FindDollarTag()
    {
        var end = _position + 1;
        while (
            end < text.Length
            && (IsWordStart(text[end]) || (end > _position + 1 && char.IsAsciiDigit(text[end])))
        )
            end++;
        return end < text.Length && text[end] == '$' ? text[_position..(end + 1)] : null;
    }

    private SqlTokenKind ScanDollarQuoted(string tag)
    {
        var end = text.IndexOf(tag, _position + tag.Length, StringComparison.Ordinal);
        _position = end < 0 ? text.Length : end + tag.Length;
        return end < 0 ? SqlTokenKind.Unclosed : SqlTokenKind.String;
    }

    private SqlTokenKind ScanNumber()
    {
        while (_position < text.Length)
        {
            var c = text[_position];
            var isSign = c is '+' or '-' && text[_position - 1] is 'e' or 'E';
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('.' or '_') && !isSign)
                break;
            _position++;
        }
        return SqlTokenKind.Number;
    }

    private static bool IsWordStart(char c) => char.IsLetter(c) || c == '_' || char.IsSurrogate(c);

    private static bool IsWordPart(char c) => IsWordStart(c) || char.IsDigit(c) || c == '$';
}
