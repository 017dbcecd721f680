using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Numerics;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Templating.Values;
using Strata.Compiler.Text;

namespace Strata.Compiler.Templating.Syntax;

/// <summary>Numbers and strings.</summary>
internal sealed class LiteralParser(TokenReader reader, Func<Expression?> parseInterpolation)
{
    private const int MaxDigits = 10_000;

    public bool TryParse([NotNullWhen(true)] out Expression? literal)
    {
        var token = reader.Current;
        var span = new TextSpan(token.Start, token.Length);
        switch (token.Kind)
        {
            case TokenKind.Integer or TokenKind.HexInteger or TokenKind.BinaryInteger or TokenKind.Float:
                reader.Next();
                var value = ParseNumber(token);
                if (value is null)
                    reader.Report(
                        TemplateDiagnostics.InvalidNumber(
                            reader.SpanOf(token),
                            reader.TextOf(token).ToString()
                        )
                    );
                literal = new LiteralExpression(value ?? Boxes.Of(0), span);
                return true;
            case TokenKind.String or TokenKind.VerbatimString:
                reader.Next();
                literal = new LiteralExpression(DecodeString(reader.Source.Text, token), span);
                return true;
            case TokenKind.InterpolationStart:
                literal = ParseInterpolated();
                return true;
            default:
                literal = null;
                return false;
        }
    }

    public static string DecodeString(string text, Token token)
    {
        var quote = text[token.Start];
        var isClosed = token.Length > 1 && text[token.End - 1] == quote;
        var end = isClosed ? token.End - 1 : token.End;
        return token.Kind == TokenKind.VerbatimString
            ? StringLiterals.DecodeVerbatim(text, token.Start + 1, end)
            : StringLiterals.Decode(text, token.Start + 1, end, isInterpolated: false);
    }

    private InterpolatedExpression ParseInterpolated()
    {
        var start = reader.Next().Start;
        var parts = new List<Expression>();
        while (true)
        {
            var token = reader.Current;
            switch (token.Kind)
            {
                case TokenKind.InterpolationText:
                    reader.Next();
                    var text = StringLiterals.Decode(
                        reader.Source.Text,
                        token.Start,
                        token.End,
                        isInterpolated: true
                    );
                    parts.Add(new LiteralExpression(text, new TextSpan(token.Start, token.Length)));
                    break;
                case TokenKind.InterpolationOpen:
                    reader.Next();
                    var before = reader.EnterBlock();
                    if (parseInterpolation() is { } part)
                        parts.Add(part);
                    SkipToInterpolationEnd();
                    reader.LeaveDelimiters(before);
                    reader.TryTake(TokenKind.InterpolationClose);
                    break;
                default:
                    reader.TryTake(TokenKind.InterpolationEnd);
                    return new InterpolatedExpression(
                        [.. parts],
                        TextSpan.FromBounds(start, Math.Max(reader.LastEnd, start))
                    );
            }
        }
    }

    private void SkipToInterpolationEnd()
    {
        if (reader.Kind is TokenKind.InterpolationClose or TokenKind.EndOfFile)
            return;
        reader.Report(
            TemplateDiagnostics.Expected(reader.CurrentSpan, "'}'", reader.Describe(reader.Current))
        );
        var depth = 0;
        while (
            reader.Kind != TokenKind.EndOfFile && (depth > 0 || reader.Kind != TokenKind.InterpolationClose)
        )
        {
            if (reader.Kind == TokenKind.InterpolationOpen)
                depth++;
            else if (reader.Kind == TokenKind.InterpolationClose)
                depth--;
            reader.Next();
        }
    }

    private object? ParseNumber(Token token)
    {
        if (token.Length > MaxDigits)
            return null;
        var text = reader.TextOf(token).ToString().Replace("_", "", StringComparison.Ordinal);
        return token.Kind switch
        {
            TokenKind.HexInteger => ParseRadix(text, NumberStyles.AllowHexSpecifier),
            TokenKind.BinaryInteger => ParseRadix(text, NumberStyles.AllowBinarySpecifier),
            TokenKind.Float => ParseFloat(text),
            _ => ParseInteger(text),
        };
    }

    /// <summary>As in C: what fits 32 bits is an int, with the sign bit set a uint; beyond that 64 bits, then big.</summary>
    private static object? ParseRadix(string text, NumberStyles style)
    {
        var isUnsigned = text[^1] is 'u' or 'U';
        var digits = "0" + (isUnsigned ? text[2..^1] : text[2..]);
        if (!BigInteger.TryParse(digits, style, CultureInfo.InvariantCulture, out var value))
            return null;
        if (isUnsigned)
            return Boxes.Of(value);
        if (value <= uint.MaxValue)
            return Boxes.Of(unchecked((int)(uint)value));
        return value <= ulong.MaxValue ? unchecked((long)(ulong)value) : value;
    }

    private static object? ParseFloat(string text)
    {
        var digits = char.IsAsciiLetter(text[^1]) ? text[..^1] : text;
        const NumberStyles style = NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        switch (text[^1])
        {
            case 'm' or 'M':
                return decimal.TryParse(digits, style, CultureInfo.InvariantCulture, out var money)
                    ? money
                    : null;
            case 'f' or 'F':
                return float.TryParse(digits, style, CultureInfo.InvariantCulture, out var single)
                    ? single
                    : null;
            default:
                return double.TryParse(digits, style, CultureInfo.InvariantCulture, out var number)
                    ? number
                    : null;
        }
    }

    private static object? ParseInteger(string text)
    {
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var small))
            return Boxes.Of(small);
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var large))
            return large;
        var exponentAt = text.IndexOfAny(['e', 'E']);
        if (exponentAt >= 0)
        {
            // 1e400 is a number of 400 digits: no one writes that, but a fuzzer does
            if (
                !int.TryParse(
                    text.AsSpan(exponentAt + 1),
                    NumberStyles.None | NumberStyles.AllowLeadingSign,
                    CultureInfo.InvariantCulture,
                    out var exponent
                ) || exponent is < 0 or > 1000
            )
                return null;
        }
        return BigInteger.TryParse(
            text,
            NumberStyles.AllowExponent,
            CultureInfo.InvariantCulture,
            out var big
        )
            ? Boxes.Of(big)
            : null;
    }
}
