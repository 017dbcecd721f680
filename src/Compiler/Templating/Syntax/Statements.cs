using Strata.Compiler.Diagnostics;
using Strata.Compiler.Text;

namespace Strata.Compiler.Templating.Syntax;

internal enum StatementKind : byte
{
    Text,
    IndentStart,
    IndentEnd,
    Expression,
    Assign,
    If,
    Case,
    For,
    While,
    Break,
    Continue,
    Function,
    Return,
    Capture,
    Readonly,
    Import,
    With,
    Wrap,
}

internal abstract class Statement(StatementKind kind, TextSpan span) : Node(span)
{
    public StatementKind Kind { get; } = kind;
}

internal sealed class Block(Statement[] statements, TextSpan span) : Node(span)
{
    public Statement[] Statements { get; } = statements;
}

/// <summary>Text copied to the output; its span is exactly what is copied.</summary>
internal sealed class TextStatement(TextSpan span) : Statement(StatementKind.Text, span);

/// <summary>
/// A code block that stands alone on its line begins: until <see cref="StatementKind.IndentEnd"/> every
/// new line of output is indented by the text of this node's span.
/// </summary>
internal sealed class IndentStatement(StatementKind kind, TextSpan span) : Statement(kind, span);

/// <summary>Prints a value.</summary>
internal sealed class ExpressionStatement(Expression expression)
    : Statement(StatementKind.Expression, expression.Span)
{
    public Expression Expression { get; } = expression;
}

/// <param name="operator">The operator of a compound assignment, or null for <c>=</c>.</param>
internal sealed class AssignStatement(
    Expression target,
    BinaryOperator? @operator,
    TextSpan operatorSpan,
    Expression value,
    TextSpan span
) : Statement(StatementKind.Assign, span)
{
    public Expression Target { get; } = target;
    public BinaryOperator? Operator { get; } = @operator;
    public TextSpan OperatorSpan { get; } = operatorSpan;
    public Expression Value { get; } = value;
}

internal sealed class IfStatement(Expression condition, Block then, Block? @else, TextSpan span)
    : Statement(StatementKind.If, span)
{
    public Expression Condition { get; } = condition;
    public Block Then { get; } = then;

    /// <summary>For <c>else if</c>, a block that holds just the next if.</summary>
    public Block? Else { get; } = @else;
}

internal sealed class WhenClause(Expression[] values, Block body, TextSpan span) : Node(span)
{
    public Expression[] Values { get; } = values;
    public Block Body { get; } = body;
}

internal sealed class CaseStatement(Expression value, WhenClause[] whens, Block? @else, TextSpan span)
    : Statement(StatementKind.Case, span)
{
    public Expression Value { get; } = value;
    public WhenClause[] Whens { get; } = whens;
    public Block? Else { get; } = @else;
}

/// <summary><c>for</c> and, with <see cref="IsTableRow"/>, <c>tablerow</c>.</summary>
internal sealed class ForStatement(
    Expression variable,
    Expression items,
    Block body,
    Block? @else,
    TextSpan span
) : Statement(StatementKind.For, span)
{
    public Expression Variable { get; } = variable;
    public Expression Items { get; } = items;
    public Expression? Offset { get; init; }
    public Expression? Limit { get; init; }
    public Expression? Columns { get; init; }
    public bool IsReversed { get; init; }
    public bool IsTableRow { get; init; }
    public Block Body { get; } = body;
    public Block? Else { get; } = @else;
}

internal sealed class WhileStatement(Expression condition, Block body, TextSpan span)
    : Statement(StatementKind.While, span)
{
    public Expression Condition { get; } = condition;
    public Block Body { get; } = body;
}

/// <summary><c>break</c> or <c>continue</c>.</summary>
internal sealed class JumpStatement(StatementKind kind, TextSpan span) : Statement(kind, span);

internal sealed class ParameterDefinition(string name, Expression? @default, bool isVariadic, TextSpan span)
    : Node(span)
{
    public string Name { get; } = name;

    /// <summary>A constant, or null where the argument must be given.</summary>
    public Expression? Default { get; } = @default;
    public bool IsRequired => Default is null && !IsVariadic;
    public bool IsVariadic { get; } = isVariadic;
}

/// <summary>A function with its body: a block, or one expression for the inline form.</summary>
internal sealed class FunctionDefinition(
    string? name,
    TextSpan nameSpan,
    ParameterDefinition[]? parameters,
    Block? body,
    Expression? result,
    TextSpan span
) : Node(span)
{
    /// <summary>Null for <c>do ... end</c>.</summary>
    public string? Name { get; } = name;
    public TextSpan NameSpan { get; } = nameSpan;

    /// <summary>Null for a simple function, which finds its arguments in <c>$</c>.</summary>
    public ParameterDefinition[]? Parameters { get; } = parameters;
    public Block? Body { get; } = body;
    public Expression? Result { get; } = result;
}

internal sealed class FunctionStatement(Expression target, FunctionDefinition definition, TextSpan span)
    : Statement(StatementKind.Function, span)
{
    /// <summary>A <see cref="VariableExpression"/> or <see cref="LocalExpression"/>.</summary>
    public Expression Target { get; } = target;
    public FunctionDefinition Definition { get; } = definition;
}

internal sealed class ReturnStatement(Expression? value, TextSpan span)
    : Statement(StatementKind.Return, span)
{
    public Expression? Value { get; } = value;
}

internal sealed class CaptureStatement(Expression target, Block body, TextSpan span)
    : Statement(StatementKind.Capture, span)
{
    public Expression Target { get; } = target;
    public Block Body { get; } = body;
}

/// <summary><c>readonly x</c> or <c>import x</c>.</summary>
internal sealed class OperandStatement(StatementKind kind, Expression operand, TextSpan span)
    : Statement(kind, span)
{
    public Expression Operand { get; } = operand;
}

internal sealed class WithStatement(Expression target, Block body, TextSpan span)
    : Statement(StatementKind.With, span)
{
    public Expression Target { get; } = target;
    public Block Body { get; } = body;
}

internal sealed class WrapStatement(Expression call, Block body, TextSpan span)
    : Statement(StatementKind.Wrap, span)
{
    public Expression Call { get; } = call;
    public Block Body { get; } = body;
}
