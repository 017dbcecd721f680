using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Strata.Compiler.Diagnostics;

namespace Strata.Compiler.Templating.BuiltIns;

/// <summary><c>regex</c>: regular expressions of .NET, in linear time where the pattern allows it, else with a time limit.</summary>
internal static class RegexFunctions
{
    private const int CacheSize = 256;

    private static readonly TemplateParameter s_text = new("text");
    private static readonly TemplateParameter s_pattern = new("pattern");
    private static readonly TemplateParameter s_options = TemplateParameter.Optional("options");

    private static readonly ConcurrentDictionary<
        (string Pattern, RegexOptions Options, TimeSpan Limit),
        Regex
    > s_cache = new();

    public static BuiltInObject Create() =>
        BuiltInObject.Create(
            "regex",
            [
                new(
                    "regex.escape",
                    "The text as a pattern that matches just it.",
                    [s_pattern],
                    call => call.TextOrNull(0) is { } text ? call.Checked(Regex.Escape(text)) : null,
                    "{{ \"(a.b)\" | regex.escape }}",
                    "\\(a\\.b\\)"
                ),
                new(
                    "regex.match",
                    "The first match and its groups, or an empty array. Options are letters: `i` ignores case, `m` makes ^ and $ match at lines, `s` lets a dot match line ends, `x` ignores white space.",
                    [s_text, s_pattern, s_options],
                    call => Run(call, 2, (regex, text) => Groups(regex.Match(text))),
                    "{{ \"stg_orders\" | regex.match `(\\w+?)_(\\w+)` }}",
                    "[\"stg_orders\", \"stg\", \"orders\"]"
                ),
                new(
                    "regex.matches",
                    "All matches, each with its groups.",
                    [s_text, s_pattern, s_options],
                    call => Run(call, 2, (regex, text) => Matches(call, regex, text)),
                    "{{ \"a1b2\" | regex.matches `[a-z]` }}",
                    "[[\"a\"], [\"b\"]]"
                ),
                new(
                    "regex.replace",
                    "The text with every match replaced; `$1` stands for the first group.",
                    [s_text, s_pattern, new("replace"), s_options],
                    call => Run(call, 3, (regex, text) => Replace(call, regex, text)),
                    "{{ \"order_items\" | regex.replace `_(\\w)` \"-$1\" }}",
                    "order-items"
                ),
                new(
                    "regex.split",
                    "The parts of the text between the matches.",
                    [s_text, s_pattern, s_options],
                    call => Run(call, 2, (regex, text) => Split(call, regex, text)),
                    "{{ \"a, b,c\" | regex.split `,\\s*` }}",
                    "[\"a\", \"b\", \"c\"]"
                ),
                new(
                    "regex.unescape",
                    "The text with its escape sequences resolved.",
                    [s_pattern],
                    Unescape,
                    "{{ `\\(a\\)` | regex.unescape }}",
                    "(a)"
                ),
            ]
        );

    private static object? Run(TemplateCallContext call, int options, Func<Regex, string, object> body)
    {
        var regex = Get(call, options);
        try
        {
            return body(regex, call.Text(0));
        }
        catch (RegexMatchTimeoutException)
        {
            throw call.Error(
                TemplateDiagnostics.RegexTimeLimit(call.SpanOf(1), call.Context.Limits.RegexTime)
            );
        }
    }

    private static Regex Get(TemplateCallContext call, int optionsIndex)
    {
        var options = Options(call, optionsIndex);
        var key = (call.Text(1), options, call.Context.Limits.RegexTime);
        if (s_cache.TryGetValue(key, out var regex))
            return regex;
        if (s_cache.Count >= CacheSize)
            s_cache.Clear();
        try
        {
            return s_cache.GetOrAdd(key, static key => Compile(key.Pattern, key.Options, key.Limit));
        }
        catch (ArgumentException exception)
        {
            throw call.Error(TemplateDiagnostics.InvalidRegex(call.SpanOf(1), exception.Message));
        }
    }

    private static Regex Compile(string pattern, RegexOptions options, TimeSpan limit)
    {
        try
        {
            return new Regex(pattern, options | RegexOptions.NonBacktracking, limit);
        }
        catch (NotSupportedException)
        {
            // back references and look-arounds need the backtracking engine, which has the time limit
            return new Regex(pattern, options, limit);
        }
    }

    private static RegexOptions Options(TemplateCallContext call, int index)
    {
        var options = RegexOptions.CultureInvariant;
        foreach (var letter in call.TextOrNull(index) ?? "")
        {
            options |= letter switch
            {
                'i' => RegexOptions.IgnoreCase,
                'm' => RegexOptions.Multiline,
                's' => RegexOptions.Singleline,
                'x' => RegexOptions.IgnorePatternWhitespace,
                _ => throw call.Invalid(index, $"'{letter}' is not an option; known are i, m, s and x"),
            };
        }
        return options;
    }

    private static TemplateArray Groups(Match match) =>
        match.Success
            ? new TemplateArray(match.Groups.Values.Select(group => (object?)group.Value))
            : new TemplateArray();

    private static TemplateArray Matches(TemplateCallContext call, Regex regex, string text)
    {
        var matches = new TemplateArray();
        call.Context.EnterLoop();
        try
        {
            for (var match = regex.Match(text); match.Success; match = match.NextMatch())
            {
                call.Context.Iterate(call.CallSpan);
                matches.Add(Groups(match));
            }
        }
        finally
        {
            call.Context.LeaveLoop();
        }
        return matches;
    }

    private static string Replace(TemplateCallContext call, Regex regex, string text)
    {
        var replacement = call.Text(2);
        var length = (long)text.Length;
        return regex.Replace(
            text,
            match =>
            {
                var result = match.Result(replacement);
                length += result.Length - match.Length;
                call.Context.CheckLength(length, call.CallSpan);
                call.Context.Tick(call.CallSpan);
                return result;
            }
        );
    }

    private static TemplateArray Split(TemplateCallContext call, Regex regex, string text)
    {
        var parts = regex.Split(text);
        call.CountIterations(parts.Length);
        return new TemplateArray(parts);
    }

    private static string? Unescape(TemplateCallContext call)
    {
        try
        {
            return call.TextOrNull(0) is { } text ? Regex.Unescape(text) : null;
        }
        catch (ArgumentException exception)
        {
            throw call.Error(TemplateDiagnostics.InvalidRegex(call.SpanOf(0), exception.Message));
        }
    }
}
