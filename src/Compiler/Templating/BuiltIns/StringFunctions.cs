using System.Globalization;
using System.Text;
using Strata.Compiler.Templating.Evaluation;
using Strata.Compiler.Templating.Syntax;
using Strata.Compiler.Templating.Values;

namespace Strata.Compiler.Templating.BuiltIns;

/// <summary><c>string</c>: text functions. Null is passed through, or counts as empty text.</summary>
internal static class StringFunctions
{
    private static readonly TemplateParameter s_text = new("text");

    public static BuiltInObject Create() =>
        BuiltInObject.Create(
            "string",
            [
                .. TextFunctions(),
                .. PartFunctions(),
                .. ConversionFunctions(),
                .. StringHashFunctions.Create(),
            ]
        );

    private static BuiltInFunction[] TextFunctions() =>
        [
            new(
                "string.escape",
                "The text with escape sequences for what cannot stand in a string literal.",
                [s_text],
                call => OnText(call, Escape),
                "{{ \"a\\tb\" | string.escape }}",
                "a\\tb"
            ),
            new(
                "string.append",
                "The text with another one behind it.",
                [s_text, new("with")],
                call => call.Checked(call.Text(0) + call.Text(1)),
                "{{ \"stg_\" | string.append \"orders\" }}",
                "stg_orders"
            ),
            new(
                "string.capitalize",
                "The text with its first letter in upper case.",
                [s_text],
                call => OnText(call, text => Capitalize(call, text)) ?? "",
                "{{ \"orders\" | string.capitalize }}",
                "Orders"
            ),
            new(
                "string.capitalizewords",
                "The text with the first letter of each word in upper case.",
                [s_text],
                call => OnText(call, text => CapitalizeWords(call, text)) ?? "",
                "{{ \"daily active users\" | string.capitalizewords }}",
                "Daily Active Users"
            ),
            new(
                "string.contains",
                "Whether the text contains another one.",
                [s_text, new("value")],
                call => Test(call, (text, value) => text.Contains(value, StringComparison.Ordinal)),
                "{{ \"stg_orders\" | string.contains \"ord\" }}",
                "true"
            ),
            new(
                "string.empty",
                "Whether the text is empty or null.",
                [s_text],
                call => Boxes.Of(string.IsNullOrEmpty(call.TextOrNull(0))),
                "{{ \"\" | string.empty }}",
                "true"
            ),
            new(
                "string.whitespace",
                "Whether the text is empty, null, or white space only.",
                [s_text],
                call => Boxes.Of(string.IsNullOrWhiteSpace(call.TextOrNull(0))),
                "{{ \"  \" | string.whitespace }}",
                "true"
            ),
            new(
                "string.downcase",
                "The text in lower case.",
                [s_text],
                call => OnText(call, text => text.ToLower(call.Context.Options.Culture)),
                "{{ \"Orders\" | string.downcase }}",
                "orders"
            ),
            new(
                "string.ends_with",
                "Whether the text ends with another one.",
                [s_text, new("value")],
                call => Test(call, (text, value) => text.EndsWith(value, StringComparison.Ordinal)),
                "{{ \"orders_v2\" | string.ends_with \"_v2\" }}",
                "true"
            ),
            new(
                "string.equals_ignore_case",
                "Whether two texts are equal apart from upper and lower case.",
                [s_text, new("value")],
                call => Test(call, (text, value) => text.Equals(value, StringComparison.OrdinalIgnoreCase)),
                "{{ \"ID\" | string.equals_ignore_case \"id\" }}",
                "true"
            ),
            new(
                "string.handleize",
                "The text as a part of a URL: lower case, words joined by `-`.",
                [s_text],
                call => OnText(call, Handleize),
                "{{ \"100% of Users!\" | string.handleize }}",
                "100-of-users"
            ),
            new(
                "string.literal",
                "The text as a string literal of the template language. For SQL, use `sql_literal`.",
                [s_text],
                call => OnText(call, text => $"\"{Escape(text)}\""),
                "{{ 'say \"hi\"' | string.literal }}",
                "\"say \\\"hi\\\"\""
            ),
            new(
                "string.lstrip",
                "The text without white space at its start.",
                [s_text],
                call => OnText(call, text => text.TrimStart()),
                "{{ \"  id\" | string.lstrip }}",
                "id"
            ),
            new(
                "string.pluralize",
                "One of two texts: the first for the number 1, else the second.",
                [new("number"), new("singular"), new("plural")],
                call => call.Long(0) == 1 ? call[1] : call[2],
                "{{ 2 | string.pluralize \"row\" \"rows\" }}",
                "rows"
            ),
            new(
                "string.prepend",
                "The text with another one in front of it.",
                [s_text, new("by")],
                call => call.Checked(call.Text(1) + call.Text(0)),
                "{{ \"orders\" | string.prepend \"stg_\" }}",
                "stg_orders"
            ),
            new(
                "string.rstrip",
                "The text without white space at its end.",
                [s_text],
                call => OnText(call, text => text.TrimEnd()),
                "{{ \"id  \" | string.rstrip }}",
                "id"
            ),
            new(
                "string.size",
                "The number of characters; 0 for null.",
                [s_text],
                call => Boxes.Of(call.Text(0).Length),
                "{{ \"orders\" | string.size }}",
                "6"
            ),
            new(
                "string.starts_with",
                "Whether the text starts with another one.",
                [s_text, new("value")],
                call => Test(call, (text, value) => text.StartsWith(value, StringComparison.Ordinal)),
                "{{ \"stg_orders\" | string.starts_with \"stg_\" }}",
                "true"
            ),
            new(
                "string.strip",
                "The text without white space at its start and end.",
                [s_text],
                call => OnText(call, text => text.Trim()),
                "{{ \"  id  \" | string.strip }}",
                "id"
            ),
            new(
                "string.strip_newlines",
                "The text without its line breaks.",
                [s_text],
                call =>
                    OnText(
                        call,
                        text =>
                            text.Replace("\r", "", StringComparison.Ordinal)
                                .Replace("\n", "", StringComparison.Ordinal)
                    ),
                "{{ \"a\\nb\" | string.strip_newlines }}",
                "ab"
            ),
            new(
                "string.upcase",
                "The text in upper case.",
                [s_text],
                call => OnText(call, text => text.ToUpper(call.Context.Options.Culture)),
                "{{ \"orders\" | string.upcase }}",
                "ORDERS"
            ),
        ];

    private static BuiltInFunction[] PartFunctions() =>
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
                    OnText(
                        call,
                        text => Slice(text, call.Int(1), call[2] is null ? text.Length : call.Int(2))
                    ),
                "{{ \"stg_orders\" | string.slice 4 }}",
                "orders"
            ),
            new(
                "string.slice1",
                "A part of the text from a position on, by default one character.",
                [s_text, new("start"), TemplateParameter.Optional("length", Boxes.Of(1))],
                call => OnText(call, text => Slice(text, call.Int(1), call.Int(2))),
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
                call => OnText(call, text => Truncate(call, text)),
                "{{ \"daily_active_users\" | string.truncate 8 }}",
                "daily..."
            ),
            new(
                "string.truncatewords",
                "The text, cut to a number of words.",
                [s_text, new("count"), TemplateParameter.Optional("ellipsis", "...")],
                call => OnText(call, text => TruncateWords(call, text)),
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

    private static BuiltInFunction[] ConversionFunctions() =>
        [
            new(
                "string.to_int",
                "The text as a whole number of 32 bits, or null.",
                [s_text],
                call =>
                    int.TryParse(
                        call.TextOrNull(0),
                        NumberStyles.Integer,
                        call.Context.Options.Culture,
                        out var number
                    )
                        ? Boxes.Of(number)
                        : null,
                "{{ (\"41\" | string.to_int) + 1 }}",
                "42"
            ),
            new(
                "string.to_long",
                "The text as a whole number of 64 bits, or null.",
                [s_text],
                call =>
                    long.TryParse(
                        call.TextOrNull(0),
                        NumberStyles.Integer,
                        call.Context.Options.Culture,
                        out var number
                    )
                        ? number
                        : null,
                "{{ (\"41\" | string.to_long) + 1 }}",
                "42"
            ),
            new(
                "string.to_float",
                "The text as a number of 32 bits with fraction, or null.",
                [s_text],
                call =>
                    float.TryParse(
                        call.TextOrNull(0),
                        NumberStyles.Float | NumberStyles.AllowThousands,
                        call.Context.Options.Culture,
                        out var number
                    )
                        ? number
                        : null,
                "{{ (\"1.5\" | string.to_float) + 1 }}",
                "2.5"
            ),
            new(
                "string.to_double",
                "The text as a number of 64 bits with fraction, or null.",
                [s_text],
                call =>
                    double.TryParse(
                        call.TextOrNull(0),
                        NumberStyles.Float | NumberStyles.AllowThousands,
                        call.Context.Options.Culture,
                        out var number
                    )
                        ? number
                        : null,
                "{{ (\"1.5\" | string.to_double) + 1 }}",
                "2.5"
            ),
        ];

    private static string? OnText(TemplateCallContext call, Func<string, string> function) =>
        call.TextOrNull(0) is { } text ? call.Checked(function(text)) : null;

    private static object Test(TemplateCallContext call, Func<string, string, bool> test) =>
        Boxes.Of(call.TextOrNull(0) is { } text && call.TextOrNull(1) is { } value && test(text, value));

    private static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length + 8);
        StringEscapes.Append(escaped, text);
        return escaped.ToString();
    }

    private static string Capitalize(TemplateCallContext call, string text) =>
        text.Length == 0 ? "" : char.ToUpper(text[0], call.Context.Options.Culture) + text[1..];

    private static string CapitalizeWords(TemplateCallContext call, string text)
    {
        var words = new StringBuilder(text.Length);
        var isStart = true;
        foreach (var character in text)
        {
            words.Append(isStart ? char.ToUpper(character, call.Context.Options.Culture) : character);
            isStart = char.IsWhiteSpace(character);
        }
        return words.ToString();
    }

    private static string Handleize(string text)
    {
        var handle = new StringBuilder(text.Length);
        foreach (var character in text)
        {
            if (char.IsLetterOrDigit(character))
                handle.Append(char.ToLowerInvariant(character));
            else if (handle.Length > 0 && handle[^1] != '-')
                handle.Append('-');
        }
        if (handle.Length > 0 && handle[^1] == '-')
            handle.Length--;
        return handle.ToString();
    }

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
