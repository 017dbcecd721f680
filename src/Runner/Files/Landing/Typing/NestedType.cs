using System.Collections.Immutable;
using System.Globalization;

namespace Strata.Runner.Files.Landing.Typing;

/// <summary>A declared type with others in it, as DuckDB writes them: <c>struct(a integer, b map(varchar, date)[])</c>.</summary>
internal abstract record NestedType
{
    private NestedType() { }

    /// <summary>A type without others in it.</summary>
    public sealed record Scalar(string Name) : NestedType;

    public sealed record Struct(ImmutableArray<(string Name, NestedType Type)> Fields) : NestedType;

    /// <param name="Length">Of an array, whose values all have so many elements.</param>
    public sealed record List(NestedType Element, int? Length) : NestedType;

    public sealed record Map(NestedType Key, NestedType Value) : NestedType;

    /// <returns>Null for a type that has no others in it, or that is not understood.</returns>
    public static NestedType? Parse(string type)
    {
        if (!type.Contains('[', StringComparison.Ordinal) && !type.Contains('(', StringComparison.Ordinal))
            return null;
        var parser = new Parser(type);
        return parser.Type() is { } found and not Scalar && parser.IsAtEnd ? found : null;
    }

    /// <summary>Null stands for whatever is not understood.</summary>
    private sealed class Parser(string text)
    {
        private int _at;

        public bool IsAtEnd
        {
            get
            {
                SkipSpace();
                return _at == text.Length;
            }
        }

        public NestedType? Type()
        {
            SkipSpace();
            var start = _at;
            var word = Word().ToLowerInvariant();
            NestedType? type =
                word is "struct" or "row" && Take('(') ? Fields()
                : word == "map" && Take('(') ? Pair()
                : Scalar(start);
            while (type is not null && Take('['))
            {
                SkipSpace();
                var digits = _at;
                while (_at < text.Length && char.IsAsciiDigit(text[_at]))
                    _at++;
                int? length = int.TryParse(text[digits.._at], CultureInfo.InvariantCulture, out var number)
                    ? number
                    : null;
                type = Take(']') ? new List(type, length) : null;
            }
            return type;
        }

        private Struct? Fields()
        {
            var fields = ImmutableArray.CreateBuilder<(string, NestedType)>();
            do
            {
                SkipSpace();
                var name = _at < text.Length && text[_at] == '"' ? Quoted() : Word();
                if (name.Length == 0 || Type() is not { } type)
                    return null;
                fields.Add((name, type));
            } while (Take(','));
            return Take(')') ? new Struct(fields.ToImmutable()) : null;
        }

        private Map? Pair() =>
            Type() is { } key && Take(',') && Type() is { } value && Take(')') ? new Map(key, value) : null;

        /// <summary>Up to what ends it: <c>decimal(10, 2)</c>, <c>timestamp with time zone</c>, <c>enum('a', 'b')</c>.</summary>
        private Scalar? Scalar(int start)
        {
            var depth = 0;
            for (_at = start; _at < text.Length; _at++)
            {
                var c = text[_at];
                if (c is '\'' or '"')
                {
                    _at = text.IndexOf(c, _at + 1);
                    if (_at < 0)
                    {
                        _at = text.Length;
                        return null;
                    }
                }
                else if (c == '(')
                {
                    depth++;
                }
                else if (depth > 0)
                {
                    depth -= c == ')' ? 1 : 0;
                }
                else if (c is ',' or ')' or '[' or ']')
                {
                    break;
                }
            }
            var name = text[start.._at].Trim();
            return name.Length == 0 || depth > 0 ? null : new Scalar(name);
        }

        private string Word()
        {
            var start = _at;
            while (_at < text.Length && (char.IsLetterOrDigit(text[_at]) || text[_at] is '_' or '$'))
                _at++;
            return text[start.._at];
        }

        private string Quoted()
        {
            var start = ++_at;
            for (; _at < text.Length; _at++)
            {
                if (text[_at] != '"')
                    continue;
                if (_at + 1 == text.Length || text[_at + 1] != '"')
                    return text[start.._at++].Replace("\"\"", "\"", StringComparison.Ordinal);
                _at++;
            }
            return "";
        }

        private bool Take(char c)
        {
            SkipSpace();
            if (_at == text.Length || text[_at] != c)
                return false;
            _at++;
            return true;
        }

        private void SkipSpace()
        {
            while (_at < text.Length && char.IsWhiteSpace(text[_at]))
                _at++;
        }
    }
}
