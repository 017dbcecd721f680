using Strata.Compiler.Templating.Evaluation;
using Strata.Compiler.Templating.Values;

namespace Strata.Compiler.Templating.BuiltIns;

/// <summary>The functions of <c>string</c> that cut, replace, find and fill.</summary>
internal static class StringPartFunctions
{
    private static readonly TemplateParameter s_text = new("text");

    public static BuiltInFunction[] Create() =>
        [
            new(
                "string.remove",
                "The text without any occurrence of another one.",
                [s_text, new("remove")],
                call => StringReplacement.All(call, call.TextOrNull(1), ""),
                "{{ \"a-b-c\" | string.remove \"-\" }}",
                "abc"
            ),
            new(
                "string.remove_first",
                "The text without the first occurrence of another one.",
                [s_text, new("remove")],
                call => StringReplacement.One(call, call.TextOrNull(1), "", isFromEnd: false),
                "{{ \"a-b-c\" | string.remove_first \"-\" }}",
                "ab-c"
            ),
            new(
                "string.remove_last",
                "The text without the last occurrence of another one.",
                [s_text, new("remove")],
                call => StringReplacement.One(call, call.TextOrNull(1), "", isFromEnd: true),
                "{{ \"a-b-c\" | string.remove_last \"-\" }}",
                "a-bc"
            ),
            new(
                "string.replace",
                "The text with every occurrence of another one replaced.",
                [s_text, new("match"), new("replace")],
                call => StringReplacement.All(call, call.TextOrNull(1), call.Text(2), isReplace: true),
                "{{ \"a-b-c\" | string.replace \"-\" \"_\" }}",
                "a_b_c"
            ),
            new(
                "string.replace_first",
                "The text with the first occurrence of another one replaced, or the last one.",
                [s_text, new("match"), new("replace"), TemplateParameter.Optional("from_end", Boxes.False)],
                call => StringReplacement.One(call, call.TextOrNull(1), call.Text(2), call.Bool(3)),
                "{{ \"a-b-c\" | string.replace_first \"-\" \"_\" }}",
                "a_b-c"
            ),
            new(
                "string.slice",
                "A part of the text from a position on, to its end or of a length. A negative position counts from the end.",
                [s_text, new("start"), TemplateParameter.Optional("length")],
                call =>
                    call.OnText(text =>
                        Slice(text, call.Int(1), call[2] is null ? text.Length : call.Int(2))
                    ),
                "{{ \"stg_orders\" | string.slice 4 }}",
                "orders"
            ),
            new(
                "string.slice1",
                "A part of the text from a position on, by default one character.",
                [s_text, new("start"), TemplateParameter.Optional("length", Boxes.Of(1))],
                call => call.OnText(text => Slice(text, call.Int(1), call.Int(2))),
                "{{ \"orders\" | string.slice1 0 }}",
                "o"
            ),
            new(
                "string.split",
                "The parts of the text between the occurrences of another one; empty parts are left out.",
                [s_text, new("match")],
                Split,
                "{{ \"id,name\" | string.split \",\" }}",
                "[\"id\", \"name\"]"
            ),
            new(
                "string.truncate",
                "The text, cut to a length that includes the ellipsis.",
                [s_text, new("length"), TemplateParameter.Optional("ellipsis", "...")],
                call => call.OnText(text => Truncate(call, text)),
                "{{ \"daily_active_users\" | string.truncate 8 }}",
                "daily..."
            ),
            new(
                "string.truncatewords",
                "The text, cut to a number of words.",
                [s_text, new("count"), TemplateParameter.Optional("ellipsis", "...")],
                call => call.OnText(text => TruncateWords(call, text)),
                "{{ \"the cat came back\" | string.truncatewords 2 }}",
                "the cat..."
            ),
            new(
                "string.pad_left",
                "The text, filled up with blanks on its left.",
                [s_text, new("width")],
                call => Pad(call, (text, width) => text.PadLeft(width)),
                "[{{ \"id\" | string.pad_left 5 }}]",
                "[   id]"
            ),
            new(
                "string.pad_right",
                "The text, filled up with blanks on its right.",
                [s_text, new("width")],
                call => Pad(call, (text, width) => text.PadRight(width)),
                "[{{ \"id\" | string.pad_right 5 }}]",
                "[id   ]"
            ),
            new(
                "string.index_of",
                "The position of another text in the text, or -1.",
                [
                    s_text,
                    new("search"),
                    TemplateParameter.Optional("start_index"),
                    TemplateParameter.Optional("count"),
                    TemplateParameter.Optional("string_comparison"),
                ],
                IndexOf,
                "{{ \"stg_orders\" | string.index_of \"_\" }}",
                "3"
            ),
        ];

    private static string Slice(string text, int start, int length)
    {
        if (start < 0)
            start += text.Length;
        if (start < 0 || start >= text.Length || length <= 0)
            return "";
        return text.Substring(start, Math.Min(length, text.Length - start));
    }

    private static TemplateArray Split(TemplateCallContext call)
    {
        var parts = call.Text(0).Split(call.Text(1), StringSplitOptions.RemoveEmptyEntries);
        call.CountIterations(parts.Length);
        return new TemplateArray(parts);
    }

    private static string Truncate(TemplateCallContext call, string text)
    {
        var length = call.Int(1);
        if (text.Length <= length)
            return text;
        var ellipsis = call[2] is null ? "..." : call.Text(2);
        return string.Concat(text.AsSpan(0, Math.Clamp(length - ellipsis.Length, 0, text.Length)), ellipsis);
    }

    private static string TruncateWords(TemplateCallContext call, string text)
    {
        var count = call.Int(1);
        var words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (words.Length <= count)
            return string.Join(' ', words);
        var ellipsis = call[2] is null ? "..." : call.Text(2);
        return string.Join(' ', words.Take(Math.Max(count, 0))) + ellipsis;
    }

    private static string Pad(TemplateCallContext call, Func<string, int, string> pad)
    {
        var width = Math.Max(call.Int(1), 0);
        call.Context.CheckLength(width, call.CallSpan);
        return pad(call.Text(0), width);
    }

    private static object IndexOf(TemplateCallContext call)
    {
        var text = call.Text(0);
        var start = call[2] is null ? 0 : call.Int(2);
        if (start < 0 || start > text.Length)
            throw call.Invalid(2, "the start is outside of the text");
        var count = call[3] is null ? text.Length - start : call.Int(3);
        if (count < 0 || count > text.Length - start)
            throw call.Invalid(3, "the count goes beyond the text");
        return Boxes.Of(text.IndexOf(call.Text(1), start, count, Comparison(call)));
    }

    private static StringComparison Comparison(TemplateCallContext call)
    {
        if (call[4] is null)
            return StringComparison.Ordinal;
        if (Arithmetic.TryGetInteger(call[4], out var number) && number is >= 0 and <= 5)
            return (StringComparison)number;
        return Enum.TryParse<StringComparison>(call.Text(4), ignoreCase: true, out var comparison)
            ? comparison
            : throw call.Invalid(
                4,
                "expected one of Ordinal, OrdinalIgnoreCase, InvariantCulture, CurrentCulture"
            );
    }
}
