namespace Strata.Compiler.Sql;

/// <summary>
/// Splits SQL into tokens, as far as Postgres and DuckDB agree: nested block comments, doubled quotes,
/// escape strings (also those that go on in another line) and dollar quotes. It never fails; what is not closed goes to the end of the text.
/// </summary>
public struct SqlLexer(string text, int start = 0)
{
    private int _position = start;

    /// <summary>The end of the last escape string, or -1: a string that continues it has escapes, too.</summary>
    private int _escapesBefore = -1;

    /// <summary>The next token, comments included.</summary>
    public bool TryRead(out SqlToken token)
    {
        while (_position < text.Length && IsSpace(text[_position]))
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

    /// <summary>
    /// Whether a string that starts at an offset is the rest of one that ended at another: nothing but white space with a new line is between
    /// them, and comments of one line.
    /// </summary>
    internal static bool IsContinued(string text, int end, int start)
    {
        var hasNewLine = false;
        for (var at = end; at < start; at++)
        {
            if (text[at] == '-' && text[at + 1] == '-')
            {
                while (at + 1 < start && text[at + 1] is not ('\n' or '\r'))
                    at++;
            }
            else if (text[at] is '\n' or '\r')
                hasNewLine = true;
            else if (!IsSpace(text[at]))
                return false;
        }
        return hasNewLine;
    }

    /// <summary>White space of either engine: DuckDB knows some characters that are invisible, and letters to Postgres.</summary>
    internal static bool IsSpace(char c) =>
        char.IsWhiteSpace(c) || c is (>= '\u200b' and <= '\u200d') or '\u2060' or '\ufeff';

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
                return _escapesBefore >= 0 && IsContinued(text, _escapesBefore, _position)
                    ? ScanEscapes()
                    : ScanQuoted('\'', SqlTokenKind.String, hasEscapes: false);
            case '"':
                return ScanQuoted('"', SqlTokenKind.QuotedName, hasEscapes: false);
            case 'e' or 'E' when next == '\'':
                _position++;
                return ScanEscapes();
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

    private SqlTokenKind ScanEscapes()
    {
        var kind = ScanQuoted('\'', SqlTokenKind.String, hasEscapes: true);
        _escapesBefore = _position;
        return kind;
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
        var begin = _position;
        while (_position < text.Length)
        {
            var c = text[_position];
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('.' or '_') && !IsSignOfExponent(begin))
                break;
            _position++;
        }
        return SqlTokenKind.Number;
    }

    // 1e-5; in 0x1e-5 and in 1e--5 it is no part of the number
    private readonly bool IsSignOfExponent(int begin) =>
        text[_position] is '+' or '-'
        && text[_position - 1] is 'e' or 'E'
        && _position + 1 < text.Length
        && char.IsAsciiDigit(text[_position + 1])
        && text[begin..(_position - 1)].All(c => char.IsAsciiDigit(c) || c is '.' or '_');

    // whatever is not ASCII is a letter to the engines: €, ², accents that stand by themselves
    private static bool IsWordStart(char c) =>
        char.IsAsciiLetter(c) || c == '_' || (c >= '\u0080' && !IsSpace(c));

    private static bool IsWordPart(char c) => IsWordStart(c) || char.IsAsciiDigit(c) || c == '$';
}
