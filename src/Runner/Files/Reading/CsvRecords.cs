using System.Buffers;
using System.Text;
using Strata.Compiler.Manifest.Sources;

namespace Strata.Runner.Files.Reading;

/// <summary>
/// Csv as it is met: delimiters of several characters, any line end or a terminator of its own, quotes that hold line
/// ends. A record whose quotes are broken costs its first line only.
/// </summary>
internal sealed class CsvRecords : RecordReader
{
    private readonly CsvDialect _dialect;
    private readonly char _escape;
    private readonly SearchValues<char> _stops;
    private readonly List<CsvSpan> _fields = [];
    private int _linesToSkip;

    public CsvRecords(TextReader reader, CsvDialect dialect)
        : base(reader)
    {
        _dialect = dialect;
        _escape = dialect.Escape ?? dialect.Quote ?? '\0';
        _stops = SearchValues.Create(
            dialect.RowTerminator is { } terminator
                ? [dialect.Delimiter[0], terminator[0]]
                : [dialect.Delimiter[0], '\r', '\n']
        );
        _linesToSkip = dialect.SkipLines;
    }

    public override int FieldCount => _fields.Count;

    public override bool IsQuoted(int index) => _fields[index].IsQuoted;

    public override ReadOnlySpan<char> FieldText(int index)
    {
        var field = _fields[index];
        var text = Window.Text.Slice(field.Start, field.Length);
        return field.HasEscapes ? Unescape(text) : text;
    }

    protected override Scan Scan(ReadOnlySpan<char> text, bool isLast)
    {
        if (text.IsEmpty)
            return isLast ? Reading.Scan.End : Reading.Scan.More;
        if (_linesToSkip > 0 || text[0] == _dialect.Comment)
            return PassLine(text, isLast);
        _fields.Clear();
        var at = 0;
        var hasQuotes = false;
        while (true)
        {
            var field = ReadField(text, at, isLast, out var problem);
            if (problem is not null)
                return Broken(text, isLast, problem);
            if (field is not { } found)
                return Reading.Scan.More;
            _fields.Add(found);
            hasQuotes |= found.IsQuoted;
            at = found.End;
            var separator = Separator(text, at, isLast);
            if (separator.Kind == SeparatorKind.Unknown)
                return Reading.Scan.More;
            if (separator.Kind == SeparatorKind.None)
                return Broken(text, isLast, "text follows a closing quote");
            if (separator.Kind == SeparatorKind.Delimiter)
            {
                at += separator.Length;
                continue;
            }
            var consumed = at + separator.Length;
            var lines = hasQuotes || _dialect.RowTerminator is not null ? text[..consumed].Count('\n') : 1;
            if (hasQuotes && lines == 0)
                lines = 1;
            // behind a terminator of its own a file may still end with a line end
            var isBlank = at == 0 || (_dialect.RowTerminator is not null && text[..at].IsWhiteSpace());
            return isBlank ? Reading.Scan.Nothing(consumed, lines) : Reading.Scan.Record(at, consumed, lines);
        }
    }

    protected override (int Length, int Consumed) FirstLine(ReadOnlySpan<char> text)
    {
        if (_dialect.RowTerminator is not { } terminator)
            return base.FirstLine(text);
        var end = text.IndexOf(terminator);
        return end < 0 ? (text.Length, text.Length) : (end, end + terminator.Length);
    }

    private Scan PassLine(ReadOnlySpan<char> text, bool isLast)
    {
        var (length, consumed) = FirstLine(text);
        if (consumed == text.Length && !isLast)
            return Reading.Scan.More;
        if (_linesToSkip > 0)
            _linesToSkip--;
        return Reading.Scan.Nothing(consumed, length == consumed ? 0 : 1);
    }

    /// <returns>Null when the text ends before that can be told.</returns>
    private CsvSpan? ReadField(ReadOnlySpan<char> text, int start, bool isLast, out string? problem)
    {
        problem = null;
        if (_dialect.Quote is { } quote && start < text.Length && text[start] == quote)
            return ReadQuoted(text, start, quote, isLast, out problem);
        for (var at = start; ; at++)
        {
            var next = at < text.Length ? text[at..].IndexOfAny(_stops) : -1;
            if (next < 0)
                return isLast ? new CsvSpan(start, text.Length - start, text.Length) : null;
            at += next;
            switch (Separator(text, at, isLast).Kind)
            {
                case SeparatorKind.Unknown:
                    return null;
                case SeparatorKind.Delimiter or SeparatorKind.Row:
                    return new CsvSpan(start, at - start, at);
            }
        }
    }

    private CsvSpan? ReadQuoted(
        ReadOnlySpan<char> text,
        int start,
        char quote,
        bool isLast,
        out string? problem
    )
    {
        problem = null;
        var hasEscapes = false;
        for (var at = start + 1; ; at += 2)
        {
            var next = at < text.Length ? text[at..].IndexOfAny(quote, _escape) : -1;
            if (next < 0 || (at + next + 1 == text.Length && !isLast))
            {
                problem = isLast ? "a quote is not closed" : null;
                return null;
            }
            at += next;
            var follows = at + 1 < text.Length ? text[at + 1] : '\0';
            var isEscape = text[at] == _escape && (_escape != quote || follows == quote);
            if (!isEscape)
                return new CsvSpan(start + 1, at - start - 1, at + 1)
                {
                    IsQuoted = true,
                    HasEscapes = hasEscapes,
                };
            hasEscapes = true;
        }
    }

    private (SeparatorKind Kind, int Length) Separator(ReadOnlySpan<char> text, int at, bool isLast)
    {
        var rest = text[at..];
        if (rest.IsEmpty)
            return (isLast ? SeparatorKind.Row : SeparatorKind.Unknown, 0);
        // the longer one first: a terminator may begin as the delimiter does
        if (_dialect.RowTerminator is { } terminator)
        {
            if (rest.StartsWith(terminator))
                return (SeparatorKind.Row, terminator.Length);
            if (!isLast && rest.Length < terminator.Length && terminator.AsSpan().StartsWith(rest))
                return (SeparatorKind.Unknown, 0);
        }
        if (rest.StartsWith(_dialect.Delimiter))
            return (SeparatorKind.Delimiter, _dialect.Delimiter.Length);
        if (
            !isLast
            && rest.Length < _dialect.Delimiter.Length
            && _dialect.Delimiter.AsSpan().StartsWith(rest)
        )
            return (SeparatorKind.Unknown, 0);
        if (_dialect.RowTerminator is not null || rest[0] is not ('\r' or '\n'))
            return (SeparatorKind.None, 0);
        if (rest[0] == '\r' && rest.Length == 1 && !isLast)
            return (SeparatorKind.Unknown, 0);
        return (SeparatorKind.Row, rest.StartsWith("\r\n") ? 2 : 1);
    }

    private string Unescape(ReadOnlySpan<char> text)
    {
        var plain = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == _escape && i + 1 < text.Length)
                i++;
            plain.Append(text[i]);
        }
        return plain.ToString();
    }

    private enum SeparatorKind
    {
        /// <summary>Something else.</summary>
        None,

        /// <summary>The text ends too early to tell.</summary>
        Unknown,

        Delimiter,
        Row,
    }

    /// <param name="Start">Of the content, behind an opening quote.</param>
    /// <param name="End">Behind a closing quote.</param>
    private readonly record struct CsvSpan(int Start, int Length, int End)
    {
        public bool IsQuoted { get; init; }

        public bool HasEscapes { get; init; }
    }
}
