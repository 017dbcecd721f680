using Strata.Compiler.Diagnostics;
using Strata.Compiler.Text;

namespace Strata.Compiler.Templating.Syntax;

/// <summary>Any node of the tree. The tree is immutable once parsed and knows nothing of how it is evaluated.</summary>
internal abstract class Node(TextSpan span)
{
    public TextSpan Span { get; } = span;
}

internal enum ExpressionKind : byte
{
    Literal,
    Variable,
    Local,
    Arguments,
    BlockDelegate,
    This,
    LoopVariable,
    Member,
    Index,
    Call,
    Pipe,
    Binary,
    Unary,
    Step,
    Conditional,
    Array,
    Object,
    Interpolated,
    Nested,
    Function,
}

internal abstract class Expression(ExpressionKind kind, TextSpan span) : Node(span)
{
    public ExpressionKind Kind { get; } = kind;
}

internal sealed class LiteralExpression(object? value, TextSpan span)
    : Expression(ExpressionKind.Literal, span)
{
    public object? Value { get; } = value;
}

/// <summary>A global name: <c>orders</c>.</summary>
internal sealed class VariableExpression(string name, TextSpan span)
    : Expression(ExpressionKind.Variable, span)
{
    public string Name { get; } = name;
}

/// <summary>A name of this function or page: <c>$x</c>; <see cref="Name"/> is without the sign.</summary>
internal sealed class LocalExpression(string name, TextSpan span) : Expression(ExpressionKind.Local, span)
{
    public string Name { get; } = name;

    /// <summary>For <c>$0</c>, <c>$1</c> and so on, the index into the arguments; else -1.</summary>
    public int ArgumentIndex { get; } =
        name.Length is > 0 and < 10 && int.TryParse(name, out var index) ? index : -1;
}

/// <summary><c>$</c>, <c>$$</c> or <c>this</c>.</summary>
internal sealed class SpecialExpression(ExpressionKind kind, TextSpan span) : Expression(kind, span);

/// <summary><c>for.index</c>, <c>while.first</c> and so on.</summary>
internal sealed class LoopVariableExpression(string loop, string name, TextSpan span)
    : Expression(ExpressionKind.LoopVariable, span)
{
    public string Loop { get; } = loop;
    public string Name { get; } = name;
}

internal sealed class MemberExpression(
    Expression target,
    string name,
    TextSpan nameSpan,
    bool isOptional,
    TextSpan span
) : Expression(ExpressionKind.Member, span)
{
    public Expression Target { get; } = target;
    public string Name { get; } = name;
    public TextSpan NameSpan { get; } = nameSpan;
    public bool IsOptional { get; } = isOptional;
}

internal sealed class IndexExpression(Expression target, Expression index, TextSpan span)
    : Expression(ExpressionKind.Index, span)
{
    public Expression Target { get; } = target;
    public Expression Index { get; } = index;
}

/// <param name="name">Null for an argument given by position.</param>
internal sealed class Argument(
    string? name,
    TextSpan nameSpan,
    Expression value,
    bool isSpread,
    TextSpan span
) : Node(span)
{
    public string? Name { get; } = name;
    public TextSpan NameSpan { get; } = nameSpan;
    public Expression Value { get; } = value;
    public bool IsSpread { get; } = isSpread;
}

internal sealed class CallExpression(Expression target, Argument[] arguments, TextSpan span)
    : Expression(ExpressionKind.Call, span)
{
    public Expression Target { get; } = target;
    public Argument[] Arguments { get; } = arguments;
}

/// <summary><c>value | function</c>; the function is a name or a call that gets the value as its first argument.</summary>
internal sealed class PipeExpression(Expression value, Expression function, TextSpan span)
    : Expression(ExpressionKind.Pipe, span)
{
    public Expression Value { get; } = value;
    public Expression Function { get; } = function;
}

internal enum BinaryOperator : byte
{
    Add,
    Subtract,
    Multiply,
    Divide,
    DivideInteger,
    Modulo,
    ShiftLeft,
    ShiftRight,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    And,
    Or,
    IfNull,
    IfNotNull,
    Range,
    RangeExclusive,
}

internal sealed class BinaryExpression(
    BinaryOperator @operator,
    TextSpan operatorSpan,
    Expression left,
    Expression right,
    TextSpan span
) : Expression(ExpressionKind.Binary, span)
{
    public BinaryOperator Operator { get; } = @operator;
    public TextSpan OperatorSpan { get; } = operatorSpan;
    public Expression Left { get; } = left;
    public Expression Right { get; } = right;
}

internal enum UnaryOperator : byte
{
    Not,
    Negate,
    Plus,

    /// <summary><c>@f</c>: the function itself instead of what it returns.</summary>
    Alias,

    /// <summary><c>^xs</c>: spread; only meaningful as an argument.</summary>
    Spread,
}

internal sealed class UnaryExpression(UnaryOperator @operator, Expression operand, TextSpan span)
    : Expression(ExpressionKind.Unary, span)
{
    public UnaryOperator Operator { get; } = @operator;
    public Expression Operand { get; } = operand;
}

/// <summary><c>x++</c>, <c>--x</c>: changes a variable and has a value.</summary>
internal sealed class StepExpression(Expression target, int step, bool isPrefix, TextSpan span)
    : Expression(ExpressionKind.Step, span)
{
    public Expression Target { get; } = target;
    public int Step { get; } = step;
    public bool IsPrefix { get; } = isPrefix;
}

internal sealed class ConditionalExpression(
    Expression condition,
    Expression whenTrue,
    Expression whenFalse,
    TextSpan span
) : Expression(ExpressionKind.Conditional, span)
{
    public Expression Condition { get; } = condition;
    public Expression WhenTrue { get; } = whenTrue;
    public Expression WhenFalse { get; } = whenFalse;
}

internal sealed class ArrayExpression(Expression[] items, TextSpan span)
    : Expression(ExpressionKind.Array, span)
{
    public Expression[] Items { get; } = items;
}

internal sealed class ObjectMember(string name, Expression value, TextSpan span) : Node(span)
{
    public string Name { get; } = name;
    public Expression Value { get; } = value;
}

internal sealed class ObjectExpression(ObjectMember[] members, TextSpan span)
    : Expression(ExpressionKind.Object, span)
{
    public ObjectMember[] Members { get; } = members;
}

/// <summary><c>$"text {value}"</c>: the parts are literals and expressions in turn.</summary>
internal sealed class InterpolatedExpression(Expression[] parts, TextSpan span)
    : Expression(ExpressionKind.Interpolated, span)
{
    public Expression[] Parts { get; } = parts;
}

/// <summary>An expression in parentheses; kept, because it decides whether a function is called or passed on.</summary>
internal sealed class NestedExpression(Expression inner, TextSpan span)
    : Expression(ExpressionKind.Nested, span)
{
    public Expression Inner { get; } = inner;
}

/// <summary><c>do ... end</c>.</summary>
internal sealed class FunctionExpression(FunctionDefinition definition, TextSpan span)
    : Expression(ExpressionKind.Function, span)
{
    public FunctionDefinition Definition { get; } = definition;
}
