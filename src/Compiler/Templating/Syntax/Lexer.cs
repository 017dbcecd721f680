using Strata.Compiler.Diagnostics;
using Strata.Compiler.Text;

namespace Strata.Compiler.Templating.Syntax;

/// <summary>
/// Cuts a template into tokens: text (already trimmed by the white-space marks of its neighbours) and
/// code. Never fails: what it cannot read it reports and steps over.
/// </summary>
internal sealed class Lexer
{
    private readonly SourceText _source;
    private readonly string _text;
    private readonly TemplateParseOptions _options;
    private readonly List<FoundDiagnostic> _diagnostics;
    private readonly List<Token> _tokens;
    private readonly Stack<Interpolation> _interpolations = new();
    private int _position;
    private int _braces;
    private TrimMode _trimNext;

    public Lexer(SourceText source, TemplateParseOptions options, List<FoundDiagnostic> diagnostics)
    {
        _source = source;
        _text = source.Text;
        _options = options;
        _diagnostics = diagnostics;
        _tokens = new List<Token>(_text.Length / 6 + 8);
    }

    private enum TrimMode
    {
        None,
        Greedy,
        ToLineEnd,
    }

    public List<Token> Tokenize()
    {
        if (_options.IsScript)
        {
            ScanCode(-1);
        }
        else
        {
            while (_position < _text.Length)
                ScanText();
            if (!_options.IsLenient)
                JinjaBlocks.Report(_source, _tokens, Report);
        }
        Add(TokenKind.EndOfFile, _text.Length, _text.Length);
        return _tokens;
    }

    private char Current => Peek(0);

    private char Peek(int ahead)
    {
        var index = _position + ahead;
        return (uint)index < (uint)_text.Length ? _text[index] : '\0';
    }

    private void Add(TokenKind kind, int start, int end, int extra = 0) =>
        _tokens.Add(new Token(kind, start, end, extra));

    /// <summary>Text up to the next code or escape block, and that block.</summary>
    private void ScanText()
    {
        var start = _position;
        var end = FindBlock(start, out var percents);
        var rawStart = TrimStart(start, end);
        if (end == _text.Length)
        {
            AddRaw(rawStart, end);
            _position = end;
            return;
        }
        var bodyStart = end + 2 + percents;
        var mode = ReadMode(bodyStart);
        if (mode != TrimMode.None)
            bodyStart++;
        AddRaw(rawStart, TrimEnd(rawStart, end, mode));
        _position = bodyStart;
        if (percents > 0)
        {
            ScanEscapeBlock(end, percents);
            return;
        }
        var indent = mode == TrimMode.None ? IndentBefore(rawStart, end) : 0;
        Add(TokenKind.CodeEnter, end, bodyStart, indent);
        ScanCode(end);
    }

    /// <summary>The start of the next <c>{{</c> or <c>{%{</c> (with its number of percent signs), or the text's end.</summary>
    private int FindBlock(int from, out int percents)
    {
        percents = 0;
        while (true)
        {
            var at = _text.AsSpan(from).IndexOf('{');
            if (at < 0)
                return _text.Length;
            at += from;
            var next = at + 1;
            while (next < _text.Length && _text[next] == '%')
                next++;
            if (next < _text.Length && _text[next] == '{')
            {
                percents = next - at - 1;
                return at;
            }
            from = at + 1;
        }
    }

    private TrimMode ReadMode(int at) =>
        at >= _text.Length ? TrimMode.None
        : _text[at] == '-' ? TrimMode.Greedy
        : _text[at] == '~' ? TrimMode.ToLineEnd
        : TrimMode.None;

    private int TrimStart(int start, int end)
    {
        var mode = _trimNext;
        _trimNext = TrimMode.None;
        if (mode == TrimMode.Greedy)
        {
            while (start < end && char.IsWhiteSpace(_text[start]))
                start++;
        }
        else if (mode == TrimMode.ToLineEnd)
        {
            while (start < end && IsBlank(_text[start]))
                start++;
            if (start + 1 < end && _text[start] == '\r' && _text[start + 1] == '\n')
                start += 2;
            else if (start < end && _text[start] == '\n')
                start++;
        }
        return start;
    }

    private int TrimEnd(int start, int end, TrimMode mode)
    {
        if (mode == TrimMode.Greedy)
        {
            while (end > start && char.IsWhiteSpace(_text[end - 1]))
                end--;
        }
        else if (mode == TrimMode.ToLineEnd)
        {
            while (end > start && IsBlank(_text[end - 1]))
                end--;
        }
        return end;
    }

    /// <summary>How many blanks stand between the line start and the block; 0 where something else stands there.</summary>
    private int IndentBefore(int rawStart, int end)
    {
        var at = end;
        while (at > rawStart && IsBlank(_text[at - 1]))
            at--;
        return at == 0 || _text[at - 1] == '\n' ? end - at : 0;
    }

    private void AddRaw(int start, int end)
    {
        if (end <= start)
            return;
        Add(TokenKind.Raw, start, end);
    }

    private void ScanEscapeBlock(int open, int percents)
    {
        var start = _position;
        var closing = string.Concat("}", new string('%', percents), "}");
        var at = _text.IndexOf(closing, start, StringComparison.Ordinal);
        if (at < 0)
        {
            Report(TemplateDiagnostics.EscapeBlockNotClosed(_source.Span(open, start - open), closing));
            AddEscaped(start, _text.Length);
            _position = _text.Length;
            return;
        }
        var end = at;
        if (end > start && ReadMode(end - 1) is var mode and not TrimMode.None)
        {
            _trimNext = mode;
            end--;
        }
        AddEscaped(start, end);
        _position = at + closing.Length;
    }

    private void AddEscaped(int start, int end)
    {
        if (end > start)
            Add(TokenKind.Raw, start, end, extra: 1);
    }

    private void ScanCode(int open)
    {
        _braces = 0;
        _interpolations.Clear();
        while (_position < _text.Length)
        {
            if (!_options.IsScript && _interpolations.Count == 0 && _braces == 0 && TryExit())
                return;
            ScanToken();
        }
        while (_interpolations.TryPop(out var interpolation))
            Report(TemplateDiagnostics.StringNotClosed(_source.Span(interpolation.Start, 2)));
        if (!_options.IsScript && !_options.IsLenient)
            Report(TemplateDiagnostics.CodeBlockNotClosed(_source.Span(open, 2)));
    }

    private bool TryExit()
    {
        var mode = ReadMode(_position);
        var at = mode == TrimMode.None ? 0 : 1;
        if (Peek(at) != '}' || Peek(at + 1) != '}')
            return false;
        Add(TokenKind.CodeExit, _position, _position + at + 2);
        _position += at + 2;
        _trimNext = mode;
        return true;
    }

    private void ScanToken()
    {
        var c = Current;
        if (IsBlank(c) || (c != '\n' && c != '\r' && char.IsWhiteSpace(c)))
        {
            _position++;
        }
        else if (c is '\n' or '\r')
        {
            ScanNewLine();
        }
        else if (c == '#')
        {
            SkipComment();
        }
        else if (c is '"' or '\'')
        {
            ScanString(c);
        }
        else if (c == '`')
        {
            ScanVerbatimString();
        }
        else if (c == '$' && Peek(1) is '"' or '\'')
        {
            var start = _position;
            Add(TokenKind.InterpolationStart, start, start + 2);
            _interpolations.Push(new Interpolation(start, _text[start + 1], _braces));
            _position += 2;
            ScanInterpolationText();
        }
        else if (c == '$')
        {
            ScanLocal();
        }
        else if (char.IsAsciiDigit(c))
        {
            ScanNumber();
        }
        else if (IsNameStart(c))
        {
            ScanIdentifier();
        }
        else
        {
            ScanPunctuation(c);
        }
    }

    private void ScanNewLine()
    {
        if (_interpolations.TryPop(out var interpolation))
        {
            Report(TemplateDiagnostics.InterpolationNotClosed(_source.Span(_position, 1)));
            _braces = interpolation.Braces;
            Add(TokenKind.InterpolationClose, _position, _position);
            Add(TokenKind.InterpolationEnd, _position, _position);
        }
        var start = _position;
        while (Current is '\n' or '\r')
            _position++;
        Add(TokenKind.NewLine, start, _position);
    }

    private void SkipComment()
    {
        var isBlock = Peek(1) == '#';
        _position += isBlock ? 2 : 1;
        while (_position < _text.Length)
        {
            if (AtExit())
                return;
            if (isBlock && Current == '#' && Peek(1) == '#')
            {
                _position += 2;
                return;
            }
            if (!isBlock && Current is '\n' or '\r')
                return;
            _position++;
        }
    }

    private bool AtExit()
    {
        if (_options.IsScript)
            return false;
        var at = Current is '-' or '~' ? 1 : 0;
        return Peek(at) == '}' && Peek(at + 1) == '}';
    }

    private void ScanString(char quote)
    {
        var start = _position++;
        while (_position < _text.Length && Current != quote)
        {
            if (Current == '\\')
                SkipEscape();
            else
                _position++;
        }
        CloseString(start, TokenKind.String);
    }

    private void CloseString(int start, TokenKind kind)
    {
        if (_position < _text.Length)
            _position++;
        else
            Report(TemplateDiagnostics.StringNotClosed(_source.Span(start, 1)));
        Add(kind, start, _position);
    }

    private void ScanVerbatimString()
    {
        var start = _position++;
        while (_position < _text.Length)
        {
            if (Current == '`')
            {
                if (Peek(1) != '`')
                    break;
                _position++;
            }
            _position++;
        }
        CloseString(start, TokenKind.VerbatimString);
    }

    /// <summary>Steps over an escape sequence; <see cref="StringLiterals"/> decodes it later.</summary>
    private void SkipEscape()
    {
        var start = _position;
        var length = StringLiterals.EscapeLength(_text, start, isInterpolated: _interpolations.Count > 0);
        if (length == 0)
        {
            Report(
                TemplateDiagnostics.InvalidEscape(
                    _source.Span(start, Math.Min(2, _text.Length - start)),
                    Peek(1)
                )
            );
            length = Math.Min(2, _text.Length - start);
        }
        _position = start + length;
    }

    private void ScanInterpolationText()
    {
        var interpolation = _interpolations.Peek();
        var start = _position;
        while (_position < _text.Length && Current != interpolation.Quote && Current != '{')
        {
            if (Current == '\\')
                SkipEscape();
            else
                _position++;
        }
        if (_position > start)
            Add(TokenKind.InterpolationText, start, _position);
        if (_position >= _text.Length)
            return;
        if (Current == '{')
        {
            Add(TokenKind.InterpolationOpen, _position, _position + 1);
            _position++;
            _braces = 0;
            return;
        }
        Add(TokenKind.InterpolationEnd, _position, _position + 1);
        _position++;
        _interpolations.Pop();
        _braces = interpolation.Braces;
    }

    private void ScanLocal()
    {
        var start = _position++;
        if (Current == '$')
            _position++;
        else
            SkipName();
        Add(TokenKind.Local, start, _position);
    }

    private void ScanIdentifier()
    {
        var start = _position;
        SkipName();
        // `.empty?` is the one member whose name ends in a question mark
        if (
            Current == '?'
            && Peek(1) is not ('?' or '.' or '!')
            && _tokens.Count > 0
            && _tokens[^1].Kind is TokenKind.Dot or TokenKind.QuestionDot
            && _text.AsSpan(start, _position - start) is "empty"
        )
        {
            _position++;
        }
        Add(TokenKind.Identifier, start, _position);
    }

    private void SkipName()
    {
        while (IsNameStart(Current) || char.IsDigit(Current))
            _position++;
    }

    private void ScanNumber()
    {
        var start = _position;
        if (Current == '0' && Peek(1) is 'x' or 'X' && (char.IsAsciiHexDigit(Peek(2)) || Peek(2) == '_'))
        {
            _position += 2;
            while (char.IsAsciiHexDigit(Current) || Current == '_')
                _position++;
            SkipUnsignedSuffix();
            Add(TokenKind.HexInteger, start, _position);
            return;
        }
        if (Current == '0' && Peek(1) is 'b' or 'B' && Peek(2) is '0' or '1' or '_')
        {
            _position += 2;
            while (Current is '0' or '1' or '_')
                _position++;
            SkipUnsignedSuffix();
            Add(TokenKind.BinaryInteger, start, _position);
            return;
        }
        SkipDigits();
        var isFloat = false;
        if (Current == '.' && char.IsAsciiDigit(Peek(1)))
        {
            isFloat = true;
            _position++;
            SkipDigits();
        }
        if (Current is 'e' or 'E')
        {
            var sign = Peek(1) is '+' or '-' ? 1 : 0;
            if (char.IsAsciiDigit(Peek(1 + sign)))
            {
                _position += 1 + sign;
                SkipDigits();
            }
        }
        if (Current is 'f' or 'F' or 'd' or 'D' or 'm' or 'M' && !IsNamePart(Peek(1)))
        {
            isFloat = true;
            _position++;
        }
        Add(isFloat ? TokenKind.Float : TokenKind.Integer, start, _position);
    }

    private void SkipDigits()
    {
        while (
            char.IsAsciiDigit(Current) || (Current == '_' && (char.IsAsciiDigit(Peek(1)) || Peek(1) == '_'))
        )
            _position++;
    }

    private void SkipUnsignedSuffix()
    {
        if (Current is 'u' or 'U' && !IsNamePart(Peek(1)))
            _position++;
    }

    private void ScanPunctuation(char c)
    {
        var (kind, length) = Punctuation.Read(c, Peek(1), Peek(2));
        var start = _position;
        switch (kind)
        {
            case TokenKind.OpenBrace:
                _braces++;
                break;
            case TokenKind.CloseBrace when _interpolations.Count > 0 && _braces == 0:
                Add(TokenKind.InterpolationClose, start, start + 1);
                _position++;
                ScanInterpolationText();
                return;
            case TokenKind.CloseBrace when _braces > 0:
                _braces--;
                break;
            case TokenKind.Invalid:
                Report(TemplateDiagnostics.InvalidCharacter(_source.Span(start, 1), c));
                break;
        }
        _position += length;
        Add(kind, start, _position);
    }

    private void Report(Diagnostic diagnostic) =>
        _diagnostics.Add(new FoundDiagnostic(diagnostic.Span?.Span.Start ?? 0, diagnostic));

    private static bool IsBlank(char c) => c is ' ' or '\t';

    private static bool IsNameStart(char c) => char.IsLetter(c) || c == '_';

    private static bool IsNamePart(char c) => IsNameStart(c) || char.IsDigit(c);

    /// <param name="Start">Where the string starts.</param>
    /// <param name="Braces">The open braces of the code around it.</param>
    private readonly record struct Interpolation(int Start, char Quote, int Braces);
}
