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
                .. StringPartFunctions.Create(),
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
                call => call.OnText(Escape),
                "{{ \"a\\tb\" | string.escape }}",
                "a\\tb"
            ),
            new(
                "string.append",
                "The text with another one after it.",
                [s_text, new("with")],
                call => call.Checked(call.Text(0) + call.Text(1)),
                "{{ \"stg_\" | string.append \"orders\" }}",
                "stg_orders"
            ),
            new(
                "string.capitalize",
                "The text with its first letter in upper case.",
                [s_text],
                call => call.OnText(text => Capitalize(call, text)) ?? "",
                "{{ \"orders\" | string.capitalize }}",
                "Orders"
            ),
            new(
                "string.capitalizewords",
                "The text with the first letter of each word in upper case.",
                [s_text],
                call => call.OnText(text => CapitalizeWords(call, text)) ?? "",
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
                call => call.OnText(text => text.ToLower(call.Context.Options.Culture)),
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
                call => call.OnText(Handleize),
                "{{ \"100% of Users!\" | string.handleize }}",
                "100-of-users"
            ),
            new(
                "string.literal",
                "The text as a string literal of the template language. For SQL, use `sql_literal`.",
                [s_text],
                call => call.OnText(text => $"\"{Escape(text)}\""),
                "{{ 'say \"hi\"' | string.literal }}",
                "\"say \\\"hi\\\"\""
            ),
            new(
                "string.lstrip",
                "The text without white space at its start.",
                [s_text],
                call => call.OnText(text => text.TrimStart()),
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
                call => call.OnText(text => text.TrimEnd()),
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
                call => call.OnText(text => text.Trim()),
                "{{ \"  id  \" | string.strip }}",
                "id"
            ),
            new(
                "string.strip_newlines",
                "The text without its line breaks.",
                [s_text],
                call =>
                    call.OnText(text =>
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
                call => call.OnText(text => text.ToUpper(call.Context.Options.Culture)),
                "{{ \"orders\" | string.upcase }}",
                "ORDERS"
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
}
