using System.Collections.Immutable;
using System.Text;

namespace Strata.Compiler.Text.Csv;

/// <summary>Reads CSV as RFC 4180 has it: quoted fields may hold delimiters, line ends and doubled quotes.</summary>
public sealed class CsvReader(SourceText source, char delimiter)
{
    private readonly string _text = source.Text;
    private readonly int _end = source.Text.AsSpan().TrimEnd("\r\n").Length;
    private int _position = source.Text.StartsWith('\uFEFF') ? 1 : 0;
    private int _columns;

    /// <summary>What is wrong with the text, if reading stopped for it.</summary>
    public (TextSpan Span, string Problem)? Problem { get; private set; }

    /// <summary>
    /// The next record, or null at the end or at a <see cref="Problem"/>. Blank lines are passed over; but under a header of one
    /// column an empty field is one, so there only those at the end are.
    /// </summary>
    public ImmutableArray<CsvField>? Read()
    {
        if (_columns == 1 && Problem is null)
        {
            SkipLineEnd();
            if (_position < _end && _text[_position] is '\r' or '\n')
                return [new CsvField(null, new TextSpan(_position, 0))];
        }
        while (_position < _text.Length && _text[_position] is '\r' or '\n')
            _position++;
        if (_position >= _text.Length || Problem is not null)
            return null;
        var fields = ImmutableArray.CreateBuilder<CsvField>();
        while (true)
        {
            if (ReadField() is not { } field)
                return null;
            fields.Add(field);
            if (_position < _text.Length && _text[_position] == delimiter)
            {
                _position++;
                continue;
            }
            if (_columns == 0)
                _columns = fields.Count;
            return fields.ToImmutable();
        }
    }

    private void SkipLineEnd()
    {
        if (_position < _text.Length && _text[_position] == '\r')
            _position++;
        if (_position < _text.Length && _text[_position] == '\n')
            _position++;
    }

    private CsvField? ReadField()
    {
        if (_position < _text.Length && _text[_position] == '"')
            return ReadQuoted();
        var start = _position;
        while (
            _position < _text.Length
            && _text[_position] != delimiter
            && _text[_position] is not ('\r' or '\n')
        )
        {
            if (_text[_position] == '"')
                return Fail(_position, 1, "a quote inside a field that does not begin with one");
            _position++;
        }
        var span = TextSpan.FromBounds(start, _position);
        return new CsvField(span.IsEmpty ? null : _text.Substring(span.Start, span.Length), span);
    }

    private CsvField? ReadQuoted()
    {
        var start = _position++;
        var value = new StringBuilder();
        while (_position < _text.Length)
        {
            var c = _text[_position++];
            if (c != '"')
            {
                value.Append(c);
            }
            else if (_position < _text.Length && _text[_position] == '"')
            {
                value.Append('"');
                _position++;
            }
            else if (
                _position < _text.Length
                && _text[_position] != delimiter
                && _text[_position] is not ('\r' or '\n')
            )
            {
                return Fail(_position, 1, "something follows the closing quote of a field");
            }
            else
            {
                return new CsvField(value.ToString(), TextSpan.FromBounds(start, _position));
            }
        }
        return Fail(start, 1, "a quoted field does not end");
    }

    private CsvField? Fail(int offset, int length, string problem)
    {
        Problem = (new TextSpan(offset, length), problem);
        return null;
    }
}
