using System.Collections.Immutable;
using Strata.Compiler.Templating.Syntax;
using Strata.Compiler.Text;

namespace Strata.Compiler.Templating.Analysis;

/// <summary>Reads off a template's tree what it calls, defines and mentions.</summary>
internal sealed class FactsCollector
{
    private readonly SourceText _source;
    private readonly ImmutableArray<TemplateCall>.Builder _calls =
        ImmutableArray.CreateBuilder<TemplateCall>();
    private readonly HashSet<string> _defined = new(StringComparer.Ordinal);
    private readonly HashSet<string> _read = new(StringComparer.Ordinal);
    private readonly Stack<HashSet<string>> _bound = new();
    private int _conditions;
    private string? _function;

    private FactsCollector(SourceText source) => _source = source;

    public static TemplateFacts Collect(Template template)
    {
        var collector = new FactsCollector(template.Source);
        collector.Visit(template.Body);
        return collector.Build();
    }

    /// <summary>The facts of one function alone.</summary>
    public static TemplateFacts Collect(SourceText source, FunctionDefinition definition)
    {
        var collector = new FactsCollector(source);
        collector.Visit(definition);
        return collector.Build();
    }

    private TemplateFacts Build() =>
        new(
            [.. _calls.OrderBy(call => call.Span.Span.Start)],
            [.. _defined.Order(StringComparer.Ordinal)],
            [.. _read.Order(StringComparer.Ordinal)]
        );

    private bool IsBound(string name)
    {
        foreach (var names in _bound)
        {
            if (names.Contains(name))
                return true;
        }
        return false;
    }

    private void Visit(Block? block)
    {
        if (block is null)
            return;
        foreach (var statement in block.Statements)
            Visit(statement);
    }

    private void VisitConditional(Block? block)
    {
        _conditions++;
        Visit(block);
        _conditions--;
    }

    private void Visit(Statement statement)
    {
        switch (statement)
        {
            case ExpressionStatement expression:
                Visit(expression.Expression);
                break;
            case AssignStatement assign:
                Visit(assign.Value);
                Define(assign.Target, isRead: assign.Operator is not null);
                break;
            case IfStatement branch:
                Visit(branch.Condition);
                VisitConditional(branch.Then);
                VisitConditional(branch.Else);
                break;
            case CaseStatement branches:
                Visit(branches.Value);
                foreach (var when in branches.Whens)
                {
                    VisitAll(when.Values);
                    VisitConditional(when.Body);
                }
                VisitConditional(branches.Else);
                break;
            case ForStatement loop:
                VisitFor(loop);
                break;
            case WhileStatement loop:
                Visit(loop.Condition);
                VisitConditional(loop.Body);
                break;
            case FunctionStatement function:
                if (function.Target is VariableExpression name)
                    _defined.Add(name.Name);
                Visit(function.Definition);
                break;
            case ReturnStatement { Value: { } value }:
                Visit(value);
                break;
            case CaptureStatement capture:
                Visit(capture.Body);
                Define(capture.Target, isRead: false);
                break;
            case OperandStatement operand:
                Visit(operand.Operand);
                break;
            case WithStatement with:
                Visit(with.Target);
                Visit(with.Body);
                break;
            case WrapStatement wrap:
                Visit(wrap.Call);
                VisitConditional(wrap.Body);
                break;
        }
    }

    private void VisitFor(ForStatement loop)
    {
        Visit(loop.Items);
        foreach (var parameter in new[] { loop.Offset, loop.Limit, loop.Columns })
        {
            if (parameter is not null)
                Visit(parameter);
        }
        var names = new HashSet<string>(StringComparer.Ordinal);
        if (loop.Variable is VariableExpression variable)
            names.Add(variable.Name);
        _bound.Push(names);
        VisitConditional(loop.Body);
        _bound.Pop();
        VisitConditional(loop.Else);
    }

    private void Visit(FunctionDefinition definition)
    {
        var outer = _function;
        _function = definition.Name ?? outer;
        _bound.Push([.. (definition.Parameters ?? []).Select(parameter => parameter.Name)]);
        _conditions++;
        Visit(definition.Body);
        if (definition.Result is { } result)
            Visit(result);
        _conditions--;
        _bound.Pop();
        _function = outer;
    }

    private void Define(Expression target, bool isRead)
    {
        if (target is VariableExpression variable && !isRead)
            _defined.Add(variable.Name);
        else
            Visit(target);
    }

    private void VisitAll(IEnumerable<Expression> expressions)
    {
        foreach (var expression in expressions)
            Visit(expression);
    }

    private void Visit(Expression expression)
    {
        switch (expression)
        {
            case VariableExpression or MemberExpression:
                VisitName(expression);
                break;
            case IndexExpression index:
                Visit(index.Target);
                Visit(index.Index);
                break;
            case CallExpression call:
                VisitCall(call, null);
                break;
            case PipeExpression pipe:
                VisitPipe(pipe);
                break;
            case BinaryExpression binary:
                VisitBinary(binary);
                break;
            case UnaryExpression unary:
                Visit(unary.Operand);
                break;
            case StepExpression step:
                Visit(step.Target);
                break;
            case ConditionalExpression conditional:
                Visit(conditional.Condition);
                _conditions++;
                Visit(conditional.WhenTrue);
                Visit(conditional.WhenFalse);
                _conditions--;
                break;
            case ArrayExpression array:
                VisitAll(array.Items);
                break;
            case ObjectExpression @object:
                VisitAll(@object.Members.Select(member => member.Value));
                break;
            case InterpolatedExpression interpolated:
                VisitAll(interpolated.Parts);
                break;
            case NestedExpression nested:
                Visit(nested.Inner);
                break;
            case FunctionExpression function:
                Visit(function.Definition);
                break;
        }
    }

    private void VisitBinary(BinaryExpression binary)
    {
        // the left sides of a long chain of operators nest deeply: walk them without recursion
        var rights = new Stack<BinaryExpression>();
        Expression left = binary;
        while (left is BinaryExpression next)
        {
            rights.Push(next);
            left = next.Left;
        }
        Visit(left);
        while (rights.TryPop(out var parent))
        {
            var isConditional =
                parent.Operator
                is BinaryOperator.And
                    or BinaryOperator.Or
                    or BinaryOperator.IfNull
                    or BinaryOperator.IfNotNull;
            _conditions += isConditional ? 1 : 0;
            Visit(parent.Right);
            _conditions -= isConditional ? 1 : 0;
        }
    }

    private void VisitPipe(PipeExpression pipe)
    {
        var stages = new Stack<PipeExpression>();
        Expression first = pipe;
        while (first is PipeExpression next)
        {
            stages.Push(next);
            first = next.Value;
        }
        Visit(first);
        while (stages.TryPop(out var stage))
        {
            if (stage.Function is CallExpression call)
                VisitCall(call, stage.Value);
            else if (NameOf(stage.Function) is { } name)
                AddCall(name, stage.Function, [CreateArgument(null, stage.Value)]);
            else
                Visit(stage.Function);
        }
    }

    private void VisitCall(CallExpression call, Expression? piped)
    {
        if (NameOf(call.Target) is { } name)
        {
            var arguments = call.Arguments.Select(argument => CreateArgument(argument));
            AddCall(name, call, piped is null ? arguments : arguments.Prepend(CreateArgument(null, piped)));
        }
        else
        {
            Visit(call.Target);
        }
        VisitAll(call.Arguments.Select(argument => argument.Value));
    }

    private void VisitName(Expression expression)
    {
        if (NameOf(expression) is { } name)
            AddCall(name, expression, []);
        else if (expression is MemberExpression member)
            Visit(member.Target);
    }

    private void AddCall(string name, Expression expression, IEnumerable<TemplateCallArgument> arguments)
    {
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        var root = dot < 0 ? name : name[..dot];
        if (IsBound(root))
            return;
        _read.Add(root);
        _calls.Add(
            new TemplateCall(name, [.. arguments], _conditions > 0, _function, _source.Span(expression.Span))
        );
    }

    /// <summary>The dotted name of a global and its members; null for anything else.</summary>
    private static string? NameOf(Expression expression)
    {
        // most are names without members
        if (expression is VariableExpression global)
            return global.Name;
        var members = new Stack<string>();
        while (expression is MemberExpression member)
        {
            members.Push(member.Name);
            expression = member.Target;
        }
        return expression is VariableExpression variable && members.Count > 0
            ? $"{variable.Name}.{string.Join('.', members)}"
            : null;
    }

    private TemplateCallArgument CreateArgument(Argument argument) =>
        argument.IsSpread
            ? new TemplateCallArgument(argument.Name, false, null, _source.Span(argument.Value.Span))
            : CreateArgument(argument.Name, argument.Value);

    private TemplateCallArgument CreateArgument(string? name, Expression value)
    {
        var isConstant = TryEvaluate(value, out var constant);
        return new TemplateCallArgument(name, isConstant, constant, _source.Span(value.Span));
    }

    private static bool TryEvaluate(Expression expression, out object? value)
    {
        switch (expression)
        {
            case LiteralExpression literal:
                value = literal.Value;
                return true;
            case NestedExpression nested:
                return TryEvaluate(nested.Inner, out value);
            case UnaryExpression
            {
                Operator: UnaryOperator.Negate,
                Operand: LiteralExpression { Value: { } number }
            } when Evaluation.Arithmetic.IsNumber(number):
                value = Evaluation.Arithmetic.Negate(number);
                return true;
            case ArrayExpression array:
                return TryEvaluate(array, out value);
            case ObjectExpression @object:
                return TryEvaluate(@object, out value);
            default:
                value = null;
                return false;
        }
    }

    private static bool TryEvaluate(ArrayExpression array, out object? value)
    {
        var items = new TemplateArray(array.Items.Length);
        value = items;
        foreach (var item in array.Items)
        {
            if (!TryEvaluate(item, out var constant))
            {
                value = null;
                return false;
            }
            items.Add(constant);
        }
        return true;
    }

    private static bool TryEvaluate(ObjectExpression @object, out object? value)
    {
        var members = new TemplateObject();
        value = members;
        foreach (var member in @object.Members)
        {
            if (!TryEvaluate(member.Value, out var constant))
            {
                value = null;
                return false;
            }
            members.Set(member.Name, constant);
        }
        return true;
    }
}
