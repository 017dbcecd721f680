using Strata.Compiler.Diagnostics;
using Strata.Compiler.Text;

namespace Strata.Compiler.Templating.Syntax;

/// <summary>
/// The parser's view of the tokens: where it stands, what it has reported, how deep it is nested.
/// </summary>
internal sealed class TokenReader(
    SourceText source,
    List<Token> tokens,
    TemplateParseOptions options,
    List<FoundDiagnostic> diagnostics
)
{
    private int _index;
    private int _depth;
    private int _openDelimiters;
    private bool _aborted;

    public SourceText Source { get; } = source;

    public TemplateParseOptions Options { get; } = options;

    public Token Current => tokens[_index];

    public TokenKind Kind => tokens[_index].Kind;

    public Token Previous => tokens[Math.Max(_index - 1, 0)];

    /// <summary>Where the last token that was read ended.</summary>
    public int LastEnd => _index == 0 ? 0 : tokens[_index - 1].End;

    /// <summary>Whether nothing stands between the last token and this one.</summary>
    public bool IsAdjacent => _index > 0 && tokens[_index - 1].End == tokens[_index].Start;

    public Token Peek(int ahead = 1) => tokens[Math.Min(_index + ahead, tokens.Count - 1)];

    public ReadOnlySpan<char> TextOf(Token token) => Source.Text.AsSpan(token.Start, token.Length);

    public bool IsWord(ReadOnlySpan<char> word) =>
        Kind == TokenKind.Identifier && TextOf(Current).SequenceEqual(word);

    public Token Next()
    {
        var token = tokens[_index];
        if (_index < tokens.Count - 1)
            _index++;
        SkipNewLinesInDelimiters();
        return token;
    }

    public bool TryTake(TokenKind kind)
    {
        if (Kind != kind)
            return false;
        Next();
        return true;
    }

    public bool TryTakeWord(ReadOnlySpan<char> word)
    {
        if (!IsWord(word))
            return false;
        Next();
        return true;
    }

    public void SkipNewLines()
    {
        while (Kind == TokenKind.NewLine)
            Next();
    }

    /// <summary>
    /// Outside of the lenient mode named arguments may go on over lines, as those of <c>config</c> do: nothing
    /// else begins with a name and a colon.
    /// </summary>
    public void SkipNewLinesBeforeNamedArgument()
    {
        if (Options.IsLenient || Kind != TokenKind.NewLine)
            return;
        var ahead = 1;
        while (Peek(ahead).Kind == TokenKind.NewLine)
            ahead++;
        if (Peek(ahead).Kind == TokenKind.Identifier && Peek(ahead + 1).Kind == TokenKind.Colon)
            SkipNewLines();
    }

    /// <summary>Until <see cref="LeaveDelimiters"/>, new lines do not end a statement.</summary>
    public int EnterDelimiters()
    {
        var before = _openDelimiters;
        _openDelimiters = 1;
        SkipNewLinesInDelimiters();
        return before;
    }

    public void LeaveDelimiters(int before) => _openDelimiters = before;

    /// <summary>A block inside of an expression: there, new lines end statements again.</summary>
    public int EnterBlock()
    {
        var before = _openDelimiters;
        _openDelimiters = 0;
        return before;
    }

    private void SkipNewLinesInDelimiters()
    {
        while (_openDelimiters > 0 && Kind == TokenKind.NewLine && _index < tokens.Count - 1)
            _index++;
    }

    /// <summary>One level deeper; false, reported once and for good, where the template nests too deeply.</summary>
    public bool TryEnter()
    {
        if (
            ++_depth <= Options.MaxDepth
            && System.Runtime.CompilerServices.RuntimeHelpers.TryEnsureSufficientExecutionStack()
        )
        {
            return true;
        }
        if (!_aborted)
            Report(
                TemplateDiagnostics.TemplateNestsTooDeeply(
                    Source.Span(Current.Start, Current.Length),
                    Options.MaxDepth
                )
            );
        _aborted = true;
        _index = tokens.Count - 1;
        return false;
    }

    public void Leave() => _depth--;

    public void Report(Diagnostic diagnostic)
    {
        // once the parser has given up, whatever else is missing is missing because of that
        if (!_aborted)
            diagnostics.Add(new FoundDiagnostic(Current.Start, diagnostic));
    }

    /// <summary>Takes the closing bracket, or reports with its opening that it is missing.</summary>
    public bool Close(TokenKind kind, string what, Token open)
    {
        if (TryTake(kind))
            return true;
        Report(TemplateDiagnostics.DelimiterNotClosed(CurrentSpan, what, Describe(Current), SpanOf(open)));
        SkipBehind(kind);
        return false;
    }

    /// <summary>
    /// Goes on behind the bracket, where it does come in this statement: one mistake within it is reported once. Where what is around it closes, or the
    /// next statement begins, it was left open.
    /// </summary>
    private void SkipBehind(TokenKind kind)
    {
        var depth = 0;
        // new lines within brackets have been passed over
        while (_index > 0 && tokens[_index - 1].Kind == TokenKind.NewLine)
            _index--;
        for (var ahead = _index; ahead < tokens.Count; ahead++)
        {
            switch (tokens[ahead].Kind)
            {
                case TokenKind.EndOfFile or TokenKind.CodeExit or TokenKind.CodeEnter or TokenKind.Raw:
                    return;
                case var found when found == kind && depth == 0:
                    _index = ahead;
                    Next();
                    return;
                case TokenKind.NewLine or TokenKind.Semicolon when BeginsAssignment(ahead):
                    return;
            }
            depth += DepthOf(tokens[ahead].Kind);
            if (depth < 0)
                return;
        }
    }

    /// <summary>Whether a statement begins behind a separator; behind a comma or an opening bracket stands an argument of another language.</summary>
    private bool BeginsAssignment(int separator)
    {
        var before = separator - 1;
        while (before >= 0 && tokens[before].Kind == TokenKind.NewLine)
            before--;
        return separator + 2 < tokens.Count
            && tokens[separator + 1].Kind == TokenKind.Identifier
            && tokens[separator + 2].Kind == TokenKind.Assign
            && !(before >= 0 && (tokens[before].Kind == TokenKind.Comma || DepthOf(tokens[before].Kind) > 0));
    }

    /// <summary>By how much a token leads into brackets, or out of them.</summary>
    private static int DepthOf(TokenKind kind) =>
        kind switch
        {
            TokenKind.OpenParen or TokenKind.OpenBracket or TokenKind.OpenBrace => 1,
            TokenKind.CloseParen or TokenKind.CloseBracket or TokenKind.CloseBrace => -1,
            _ => 0,
        };

    public SourceSpan CurrentSpan => SpanOf(Current);

    public SourceSpan SpanOf(Token token) => Source.Span(token.Start, token.Length);

    /// <summary>How a token is named in a message.</summary>
    public string Describe(Token token) =>
        token.Kind switch
        {
            TokenKind.EndOfFile => "the end of the file",
            TokenKind.NewLine => "the end of the line",
            TokenKind.Raw or TokenKind.CodeExit => "the end of the code block",
            TokenKind.CodeEnter => "'{{'",
            TokenKind.String or TokenKind.VerbatimString or TokenKind.InterpolationStart => "a string",
            _ => $"'{TextOf(token)}'",
        };

    /// <summary>Goes on at the next statement, so that one mistake is reported once.</summary>
    public void SkipToEndOfStatement()
    {
        var depth = 0;
        while (true)
        {
            switch (Kind)
            {
                case TokenKind.EndOfFile or TokenKind.CodeExit or TokenKind.CodeEnter or TokenKind.Raw:
                case TokenKind.NewLine or TokenKind.Semicolon when depth <= 0:
                    return;
            }
            depth += DepthOf(Kind);
            Next();
        }
    }
}
