namespace Strata.Runner.Files.Reading;

/// <summary>
/// The values of a JSON document: the elements of an array at the top, or the values that stand behind each other.
/// Only the borders are found here; whether a value is JSON the engine says.
/// </summary>
internal sealed class JsonRecords(TextReader reader) : RecordReader(reader)
{
    private const string Blanks = " \t\r\n,";

    private bool _inArray;

    protected override Scan Scan(ReadOnlySpan<char> text, bool isLast)
    {
        var start = text.IndexOfAnyExcept(Blanks);
        if (start < 0)
            return text.IsEmpty ? AtEnd(isLast) : Between(text, text.Length);
        if (start > 0)
            return Between(text, start);
        if (text[0] == '[' && !_inArray)
        {
            _inArray = true;
            return Reading.Scan.Nothing(1, 0);
        }
        if (text[0] == ']' && _inArray)
        {
            _inArray = false;
            return Reading.Scan.Nothing(1, 0);
        }
        var end = EndOf(text);
        if (end < 0 || (end == text.Length && !isLast && text[0] is not ('{' or '[' or '"')))
        {
            if (text.Length >= TextWindow.MaxRecord)
                throw new InvalidDataException(
                    $"the value that begins in line {Line} is longer than 16 million characters"
                );
            return isLast
                ? throw new InvalidDataException(
                    $"the document ends within the value that begins in line {Line}"
                )
                : Reading.Scan.More;
        }
        return Reading.Scan.Record(end, end, text[..end].Count('\n'));
    }

    private Scan AtEnd(bool isLast)
    {
        if (!isLast)
            return Reading.Scan.More;
        return _inArray
            ? throw new InvalidDataException("the document ends within its array")
            : Reading.Scan.End;
    }

    private static Scan Between(ReadOnlySpan<char> text, int length) =>
        Reading.Scan.Nothing(length, text[..length].Count('\n'));

    /// <summary>Behind the value at the beginning; negative if its end is not in the text.</summary>
    private static int EndOf(ReadOnlySpan<char> text)
    {
        var depth = 0;
        var i = 0;
        while (i < text.Length)
        {
            switch (text[i])
            {
                case '"':
                    if (EndOfString(text, i) is not (>= 0 and var end))
                        return -1;
                    i = end;
                    if (depth == 0)
                        return i;
                    continue;
                case '{' or '[':
                    depth++;
                    break;
                case '}' or ']':
                    if (depth == 0)
                        return Math.Max(i, 1);
                    if (--depth == 0)
                        return i + 1;
                    break;
                case ' ' or '\t' or '\r' or '\n' or ',' when depth == 0:
                    return i;
            }
            i++;
            // nothing but these matters
            if (depth > 0)
            {
                var next = text[i..].IndexOfAny("\"{}[]");
                if (next < 0)
                    return -1;
                i += next;
            }
        }
        return depth == 0 ? text.Length : -1;
    }

    private static int EndOfString(ReadOnlySpan<char> text, int start)
    {
        for (var i = start + 1; i < text.Length; )
        {
            var next = text[i..].IndexOfAny('"', '\\');
            if (next < 0)
                return -1;
            i += next;
            if (text[i] == '"')
                return i + 1;
            i += 2;
        }
        return -1;
    }
}
