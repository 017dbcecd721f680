using System.Globalization;
using System.Numerics;
using System.Text;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Templating.BuiltIns;
using Strata.Compiler.Templating.Syntax;
using Strata.Compiler.Templating.Values;
using Strata.Compiler.Text;

namespace Strata.Compiler.Templating.Evaluation;

/// <summary>How values are written as text.</summary>
internal sealed class ValueText(RenderContext context)
{
    private CultureInfo Culture => context.Options.Culture;

    /// <summary>The text that printing the value gives; null gives none.</summary>
    public string Of(object? value, TextSpan span)
    {
        switch (value)
        {
            case null:
                return "";
            case string text:
                return text;
            case int number:
                return number.ToString(Culture);
            case bool flag:
                return flag ? "true" : "false";
            case EmptyValue:
                return "";
            case TemplateObject { Text: { } text }:
                return text;
            case TemplateArray or TemplateRange or TemplateObject:
                var builder = new StringBuilder();
                Append(builder, value, span, 0);
                return builder.ToString();
            default:
                return Scalar(value);
        }
    }

    private string Scalar(object value) =>
        value switch
        {
            bool flag => flag ? "true" : "false",
            int number => number.ToString(Culture),
            long number => number.ToString(Culture),
            BigInteger number => number.ToString(Culture),
            double number => number.ToString(Culture),
            float number => number.ToString(Culture),
            decimal number => number.ToString(Culture),
            DateTime date => DateFormat.Print(date, context),
            TemplateFunction => "<function>",
            IFormattable formattable => formattable.ToString(null, Culture),
            _ => value.ToString() ?? "",
        };

    private void Append(StringBuilder builder, object? value, TextSpan span, int depth)
    {
        if (depth > context.Limits.ObjectDepth)
            throw context.Fail(
                TemplateDiagnostics.ObjectTooDeep(context.SpanOf(span), context.Limits.ObjectDepth)
            );
        context.EnsureStack(span);
        context.Tick(span);
        context.CheckLength(builder.Length, span);
        switch (value)
        {
            case null:
                builder.Append("null");
                break;
            case string text:
                AppendQuoted(builder, text);
                break;
            case TemplateObject { Text: { } text }:
                builder.Append(text);
                break;
            case TemplateObject @object:
                AppendObject(builder, @object, span, depth);
                break;
            case IReadOnlyList<object?> list:
                AppendList(builder, list, span, depth);
                break;
            default:
                builder.Append(Scalar(value));
                break;
        }
    }

    private void AppendList(StringBuilder builder, IReadOnlyList<object?> list, TextSpan span, int depth)
    {
        builder.Append('[');
        for (var i = 0; i < list.Count; i++)
        {
            if (i > 0)
                builder.Append(", ");
            Append(builder, list[i], span, depth + 1);
        }
        builder.Append(']');
    }

    private void AppendObject(StringBuilder builder, TemplateObject @object, TextSpan span, int depth)
    {
        builder.Append('{');
        var isFirst = true;
        foreach (var (name, value) in @object)
        {
            if (!isFirst)
                builder.Append(", ");
            isFirst = false;
            if (IsName(name))
                builder.Append(name);
            else
                AppendQuoted(builder, name);
            builder.Append(": ");
            Append(builder, value, span, depth + 1);
        }
        builder.Append('}');
    }

    private static bool IsName(string name)
    {
        if (name.Length == 0 || !(char.IsLetter(name[0]) || name[0] == '_'))
            return false;
        foreach (var c in name)
        {
            if (!char.IsLetterOrDigit(c) && c != '_')
                return false;
        }
        return true;
    }

    public static void AppendQuoted(StringBuilder builder, string text)
    {
        builder.Append('"');
        StringEscapes.Append(builder, text);
        builder.Append('"');
    }

    /// <summary>How messages name the type of a value.</summary>
    public static string TypeName(object? value) =>
        value switch
        {
            null => "null",
            string => "string",
            bool => "bool",
            int => "int",
            long => "long",
            BigInteger => "bigint",
            float => "float",
            double => "double",
            decimal => "decimal",
            DateTime => "date",
            TimeSpan => "timespan",
            TemplateArray => "array",
            TemplateRange => "range",
            TemplateFunction => "function",
            _ => "object",
        };
}
