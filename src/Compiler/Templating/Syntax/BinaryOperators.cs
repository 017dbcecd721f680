using Strata.Compiler.Diagnostics;

namespace Strata.Compiler.Templating.Syntax;

/// <summary>Which tokens are binary operators, and how tightly they bind (higher binds tighter).</summary>
internal static class BinaryOperators
{
    public static bool TryGet(TokenKind kind, out BinaryOperator @operator, out int precedence)
    {
        (@operator, precedence) = kind switch
        {
            TokenKind.QuestionQuestion => (BinaryOperator.IfNull, 2),
            TokenKind.QuestionNot => (BinaryOperator.IfNotNull, 2),
            TokenKind.OrOr => (BinaryOperator.Or, 3),
            TokenKind.AndAnd => (BinaryOperator.And, 4),
            TokenKind.EqualEqual => (BinaryOperator.Equal, 5),
            TokenKind.NotEqual => (BinaryOperator.NotEqual, 5),
            TokenKind.Less => (BinaryOperator.Less, 6),
            TokenKind.LessEqual => (BinaryOperator.LessOrEqual, 6),
            TokenKind.Greater => (BinaryOperator.Greater, 6),
            TokenKind.GreaterEqual => (BinaryOperator.GreaterOrEqual, 6),
            TokenKind.Plus => (BinaryOperator.Add, 7),
            TokenKind.Minus => (BinaryOperator.Subtract, 7),
            TokenKind.Star => (BinaryOperator.Multiply, 8),
            TokenKind.Slash => (BinaryOperator.Divide, 8),
            TokenKind.SlashSlash => (BinaryOperator.DivideInteger, 8),
            TokenKind.Percent => (BinaryOperator.Modulo, 8),
            TokenKind.ShiftLeft => (BinaryOperator.ShiftLeft, 8),
            TokenKind.ShiftRight => (BinaryOperator.ShiftRight, 8),
            TokenKind.DotDot => (BinaryOperator.Range, 9),
            TokenKind.DotDotLess => (BinaryOperator.RangeExclusive, 9),
            _ => (default, 0),
        };
        return precedence > 0;
    }

    /// <summary>The operator of a compound assignment; <c>=</c> has none.</summary>
    public static bool TryGetAssignment(TokenKind kind, out BinaryOperator? @operator)
    {
        @operator = kind switch
        {
            TokenKind.PlusAssign => BinaryOperator.Add,
            TokenKind.MinusAssign => BinaryOperator.Subtract,
            TokenKind.StarAssign => BinaryOperator.Multiply,
            TokenKind.SlashAssign => BinaryOperator.Divide,
            TokenKind.SlashSlashAssign => BinaryOperator.DivideInteger,
            TokenKind.PercentAssign => BinaryOperator.Modulo,
            _ => null,
        };
        return @operator is not null || kind == TokenKind.Assign;
    }

    public static string TextOf(BinaryOperator @operator) =>
        @operator switch
        {
            BinaryOperator.Add => "+",
            BinaryOperator.Subtract => "-",
            BinaryOperator.Multiply => "*",
            BinaryOperator.Divide => "/",
            BinaryOperator.DivideInteger => "//",
            BinaryOperator.Modulo => "%",
            BinaryOperator.ShiftLeft => "<<",
            BinaryOperator.ShiftRight => ">>",
            BinaryOperator.Equal => "==",
            BinaryOperator.NotEqual => "!=",
            BinaryOperator.Less => "<",
            BinaryOperator.LessOrEqual => "<=",
            BinaryOperator.Greater => ">",
            BinaryOperator.GreaterOrEqual => ">=",
            BinaryOperator.And => "&&",
            BinaryOperator.Or => "||",
            BinaryOperator.IfNull => "??",
            BinaryOperator.IfNotNull => "?!",
            BinaryOperator.Range => "..",
            _ => "..<",
        };
}
