using System.Diagnostics.CodeAnalysis;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Templating.BuiltIns;
using Strata.Compiler.Templating.Syntax;
using Strata.Compiler.Templating.Values;
using Strata.Compiler.Text;

namespace Strata.Compiler.Templating.Evaluation;

/// <summary>How a name is asked for.</summary>
[Flags]
internal enum AccessMode
{
    None = 0,

    /// <summary>It is about to be called: a missing one is reported as an unknown function.</summary>
    Callee = 1,

    /// <summary>It may be missing: the template asks with <c>??</c> or <c>?.</c>.</summary>
    Tolerant = 2,
}

/// <summary>Reads and writes <c>a.b</c> and <c>a[b]</c>, and assigns to whatever can be assigned to.</summary>
internal sealed class MemberAccess(
    RenderContext context,
    Variables variables,
    ExpressionEvaluator expressions
)
{
    private readonly Dictionary<string, BuiltInObject> _own = new(StringComparer.Ordinal);

    public object? Get(Expression expression, AccessMode mode)
    {
        var isSkipped = false;
        return Get(expression, mode, ref isSkipped);
    }

    /// <param name="isSkipped">Set where a <c>?.</c> met null: the rest of the chain is not evaluated.</param>
    private object? Get(Expression expression, AccessMode mode, ref bool isSkipped)
    {
        context.EnsureStack(expression.Span);
        var targetMode = mode & AccessMode.Tolerant;
        if (expression is MemberExpression member)
        {
            if (member.IsOptional && !context.Options.IsLenient)
                targetMode = AccessMode.Tolerant;
            var target = GetTarget(member.Target, targetMode, ref isSkipped);
            if (isSkipped)
                return null;
            if (target is null && member.IsOptional)
            {
                isSkipped = true;
                return null;
            }
            return GetMember(target, member, mode);
        }
        var index = (IndexExpression)expression;
        var indexed = GetTarget(index.Target, targetMode, ref isSkipped);
        if (isSkipped)
            return null;
        if (indexed is null)
        {
            if (context.Options.AllowNullTargets || mode.HasFlag(AccessMode.Tolerant))
                return null;
            throw context.Fail(
                TemplateDiagnostics.NullIndexed(
                    context.SpanOf(index.Target.Span),
                    context.SpanOf(index.Target.Span).Text
                )
            );
        }
        return GetItem(indexed, index, mode);
    }

    private object? GetTarget(Expression target, AccessMode mode, ref bool isSkipped)
    {
        var value = target.Kind switch
        {
            ExpressionKind.Member or ExpressionKind.Index => Get(target, mode, ref isSkipped),
            ExpressionKind.Variable or ExpressionKind.Local => expressions.EvaluateName(target, mode),
            _ => expressions.Evaluate(target),
        };
        return value is TemplateFunction function
            ? expressions.Caller.CallMentioned(function, target, isStatement: false)
            : value;
    }

    private object? GetMember(object? target, MemberExpression member, AccessMode mode)
    {
        if (target is null)
        {
            if (context.Options.AllowNullTargets || mode.HasFlag(AccessMode.Tolerant))
                return null;
            throw context.Fail(
                TemplateDiagnostics.NullMember(
                    context.SpanOf(member.NameSpan),
                    member.Name,
                    context.SpanOf(member.Target.Span).Text
                )
            );
        }
        target = Seen(target);
        if (TryGetMember(target, member.Name, out var value))
            return value;
        if (!context.Options.StrictMembers || mode != AccessMode.None || member.IsOptional)
            return null;
        throw UnknownMember(target, member);
    }

    private TemplateError UnknownMember(object target, MemberExpression member) =>
        context.Fail(
            TemplateDiagnostics.UnknownMember(
                context.SpanOf(member.NameSpan),
                member.Name,
                context.SpanOf(member.Target.Span).Text,
                Suggestions.DidYouMean(member.Name, NamesOf(target))
                    ?? (target as TemplateObject)?.HintFor(member.Name)
            )
        );

    public static IEnumerable<string> NamesOf(object? target) =>
        target switch
        {
            TemplateObject @object => @object.Names,
            TemplateArray array => ["size", .. array.Members?.Names ?? []],
            string or IReadOnlyList<object?> => ["size"],
            DateTime or TimeSpan => TimeMembers.NamesOf(target),
            _ => [],
        };

    private static bool TryGetMember(object target, string name, out object? value)
    {
        switch (target)
        {
            case TemplateObject @object:
                if (@object.TryGet(name, out value))
                    return true;
                value = name == "empty?" ? Boxes.Of(@object.Count == 0) : null;
                return value is not null;
            case TemplateArray { Members: { } members } when members.TryGet(name, out value):
                return true;
            case IReadOnlyList<object?> list:
                value = name switch
                {
                    "size" => Boxes.Of(list.Count),
                    "empty?" => Boxes.Of(list.Count == 0),
                    _ => null,
                };
                return value is not null;
            case string text:
                value = name switch
                {
                    "size" => Boxes.Of(text.Length),
                    "empty?" => Boxes.Of(text.Length == 0),
                    _ => null,
                };
                return value is not null;
            case DateTime or TimeSpan:
                value = TimeMembers.Get(target, name);
                return value is not null;
            default:
                value = null;
                return false;
        }
    }

    private object? GetItem(object target, IndexExpression expression, AccessMode mode)
    {
        var index = expressions.Evaluate(expression.Index);
        if (index is null)
        {
            if (context.Options.AllowNullIndexes)
                return null;
            throw context.Fail(TemplateDiagnostics.NullIndex(context.SpanOf(expression.Index.Span)));
        }
        target = Seen(target);
        switch (target)
        {
            case TemplateObject @object:
                var key = context.Text.Of(index, expression.Index.Span);
                if (@object.TryGet(key, out var value))
                    return value;
                if (!context.Options.StrictMembers || mode != AccessMode.None)
                    return null;
                throw context.Fail(
                    TemplateDiagnostics.UnknownMember(
                        context.SpanOf(expression.Index.Span),
                        key,
                        context.SpanOf(expression.Target.Span).Text,
                        Suggestions.DidYouMean(key, @object.Names) ?? @object.HintFor(key)
                    )
                );
            case TemplateArray array when index is string name:
                return TryGetMember(array, name, out var member) ? member : null;
            case IReadOnlyList<object?> list:
                return TryGetPosition(index, list.Count, expression, mode, out var at) ? list[at] : null;
            case string text:
                return TryGetPosition(index, text.Length, expression, mode, out var position)
                    ? text[position].ToString()
                    : null;
            default:
                throw context.Fail(
                    TemplateDiagnostics.NotIndexable(
                        context.SpanOf(expression.Target.Span),
                        ValueText.TypeName(target)
                    )
                );
        }
    }

    private bool TryGetPosition(
        object index,
        int count,
        IndexExpression expression,
        AccessMode mode,
        out int position
    )
    {
        position = 0;
        if (!TryGetIndex(index, out var at))
        {
            throw context.Fail(
                TemplateDiagnostics.InvalidIndex(
                    context.SpanOf(expression.Index.Span),
                    ValueText.TypeName(index)
                )
            );
        }
        if (at < 0)
            at += count;
        if (at >= 0 && at < count)
        {
            position = (int)at;
            return true;
        }
        if (context.Options.StrictIndexes && mode == AccessMode.None)
            throw context.Fail(
                TemplateDiagnostics.IndexOutOfRange(context.SpanOf(expression.Index.Span), count)
            );
        return false;
    }

    private static bool TryGetIndex(object index, out long position)
    {
        if (Arithmetic.TryGetInteger(index, out position))
            return true;
        if (
            index is double or float or decimal
            && Arithmetic.ToDouble(index) is var number
            && Math.Abs(number) < int.MaxValue
        )
        {
            position = (long)number;
            return true;
        }
        return index is string text
            && long.TryParse(
                text,
                System.Globalization.NumberStyles.Integer,
                System.Globalization.CultureInfo.InvariantCulture,
                out position
            );
    }

    public void Set(Expression target, object? value)
    {
        switch (target)
        {
            case VariableExpression variable:
                variables.Set(variable.Name, value, variable.Span);
                break;
            case LocalExpression local:
                variables.SetLocal(local.Name, value, local.Span);
                break;
            case MemberExpression member:
                SetMember(
                    expressions.Evaluate(member.Target),
                    member.Name,
                    member.NameSpan,
                    member.Target,
                    value
                );
                break;
            case IndexExpression index:
                SetItem(index, value);
                break;
            default:
                throw context.Fail(TemplateDiagnostics.InvalidAssignmentTarget(context.SpanOf(target.Span)));
        }
    }

    private void SetMember(object? target, string name, TextSpan span, Expression owner, object? value)
    {
        switch (target)
        {
            case null:
                throw context.Fail(
                    TemplateDiagnostics.NullMember(
                        context.SpanOf(span),
                        name,
                        context.SpanOf(owner.Span).Text
                    )
                );
            case TemplateObject @object:
                @object = Owned(@object);
                if (@object is EmptyValue || @object.IsReadonly(name) || IsShared(@object.IsShared))
                    throw context.Fail(TemplateDiagnostics.ReadonlyVariable(context.SpanOf(span), name));
                @object.Set(name, value);
                break;
            case TemplateArray array:
                if (IsShared(array.IsShared))
                    throw context.Fail(TemplateDiagnostics.ReadonlyVariable(context.SpanOf(span), name));
                (array.Members ??= []).Set(name, value);
                break;
            default:
                throw context.Fail(
                    TemplateDiagnostics.NotAssignable(context.SpanOf(span), name, ValueText.TypeName(target))
                );
        }
    }

    private bool IsShared(bool isShared) => isShared && !context.Options.IsLenient;

    /// <summary>The built-in objects are shared by all renders: what may be changed is a copy for this one.</summary>
    public TemplateObject Owned(TemplateObject target)
    {
        if (!IsBuiltIn(target, out var builtIn))
            return target;
        if (_own.TryGetValue(builtIn.Name, out var known))
            return known;
        var copy = builtIn.Copy();
        _own.Add(builtIn.Name, copy);
        // another value of the template's own under that name stays
        if (
            !context.Globals.TryGetAssigned(builtIn.Name, out var assigned)
            || ReferenceEquals(assigned, builtIn)
        )
            context.Globals.Set(builtIn.Name, copy);
        return copy;
    }

    /// <summary>What a render has changed of a built-in object, it finds under all names that the object has.</summary>
    private object Seen(object target) =>
        _own.Count > 0 && IsBuiltIn(target, out var builtIn) && _own.TryGetValue(builtIn.Name, out var own)
            ? own
            : target;

    private static bool IsBuiltIn(object target, [MaybeNullWhen(false)] out BuiltInObject builtIn)
    {
        builtIn = target as BuiltInObject;
        return builtIn is not null
            && TemplateScope.BuiltIns.TryGet(builtIn.Name, out var shared)
            && ReferenceEquals(shared, builtIn);
    }

    private void SetItem(IndexExpression expression, object? value)
    {
        var target = expressions.Evaluate(expression.Target);
        if (target is null)
        {
            var span = context.SpanOf(expression.Target.Span);
            throw context.Fail(TemplateDiagnostics.NullIndexed(span, span.Text));
        }
        var index = expressions.Evaluate(expression.Index);
        if (index is null)
            throw context.Fail(TemplateDiagnostics.NullIndex(context.SpanOf(expression.Index.Span)));
        if (target is TemplateArray array && index is not string && TryGetIndex(index, out var position))
        {
            SetItem(array, position, value, expression);
            return;
        }
        if (target is not (TemplateObject or TemplateArray))
        {
            throw context.Fail(
                TemplateDiagnostics.NotIndexable(
                    context.SpanOf(expression.Target.Span),
                    ValueText.TypeName(target)
                )
            );
        }
        var name = context.Text.Of(index, expression.Index.Span);
        SetMember(target, name, expression.Index.Span, expression.Target, value);
    }

    private void SetItem(TemplateArray array, long position, object? value, IndexExpression expression)
    {
        if (IsShared(array.IsShared))
        {
            var owner = context.SpanOf(expression.Target.Span);
            throw context.Fail(TemplateDiagnostics.ReadonlyVariable(owner, owner.Text));
        }
        if (position < 0)
            position += array.Count;
        if (position < 0 || position > Array.MaxLength / 4)
            throw context.Fail(
                TemplateDiagnostics.IndexOutOfRange(context.SpanOf(expression.Index.Span), array.Count)
            );
        if (position > array.Count)
            context.IterateAll(expression.Span, (int)(position - array.Count));
        array.Set((int)position, value);
    }
}
