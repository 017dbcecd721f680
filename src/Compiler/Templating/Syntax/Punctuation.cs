using Strata.Compiler.Diagnostics;

namespace Strata.Compiler.Templating.Syntax;

/// <summary>The operators and punctuation marks, longest first.</summary>
internal static class Punctuation
{
    public static (TokenKind Kind, int Length) Read(char c, char next, char afterNext) =>
        c switch
        {
            '(' => (TokenKind.OpenParen, 1),
            ')' => (TokenKind.CloseParen, 1),
            '[' => (TokenKind.OpenBracket, 1),
            ']' => (TokenKind.CloseBracket, 1),
            '{' => (TokenKind.OpenBrace, 1),
            '}' => (TokenKind.CloseBrace, 1),
            ',' => (TokenKind.Comma, 1),
            ':' => (TokenKind.Colon, 1),
            ';' => (TokenKind.Semicolon, 1),
            '^' => (TokenKind.Caret, 1),
            '@' => (TokenKind.At, 1),
            '.' when next == '.' && afterNext == '<' => (TokenKind.DotDotLess, 3),
            '.' when next == '.' && afterNext == '.' => (TokenKind.DotDotDot, 3),
            '.' when next == '.' => (TokenKind.DotDot, 2),
            '.' => (TokenKind.Dot, 1),
            '?' when next == '.' => (TokenKind.QuestionDot, 2),
            '?' when next == '?' => (TokenKind.QuestionQuestion, 2),
            '?' when next == '!' => (TokenKind.QuestionNot, 2),
            '?' => (TokenKind.Question, 1),
            '|' when next == '|' => (TokenKind.OrOr, 2),
            '|' when next == '>' => (TokenKind.Pipe, 2),
            '|' => (TokenKind.Pipe, 1),
            '&' when next == '&' => (TokenKind.AndAnd, 2),
            '=' when next == '=' => (TokenKind.EqualEqual, 2),
            '=' => (TokenKind.Assign, 1),
            '!' when next == '=' => (TokenKind.NotEqual, 2),
            '!' => (TokenKind.Not, 1),
            '+' when next == '+' => (TokenKind.PlusPlus, 2),
            '+' when next == '=' => (TokenKind.PlusAssign, 2),
            '+' => (TokenKind.Plus, 1),
            '-' when next == '-' => (TokenKind.MinusMinus, 2),
            '-' when next == '=' => (TokenKind.MinusAssign, 2),
            '-' => (TokenKind.Minus, 1),
            '*' when next == '=' => (TokenKind.StarAssign, 2),
            '*' => (TokenKind.Star, 1),
            '/' when next == '/' && afterNext == '=' => (TokenKind.SlashSlashAssign, 3),
            '/' when next == '/' => (TokenKind.SlashSlash, 2),
            '/' when next == '=' => (TokenKind.SlashAssign, 2),
            '/' => (TokenKind.Slash, 1),
            '%' when next == '=' => (TokenKind.PercentAssign, 2),
            '%' => (TokenKind.Percent, 1),
            '<' when next == '=' => (TokenKind.LessEqual, 2),
            '<' when next == '<' => (TokenKind.ShiftLeft, 2),
            '<' => (TokenKind.Less, 1),
            '>' when next == '=' => (TokenKind.GreaterEqual, 2),
            '>' when next == '>' => (TokenKind.ShiftRight, 2),
            '>' => (TokenKind.Greater, 1),
            _ => (TokenKind.Invalid, 1),
        };
}
