namespace Strata.Runner.Files.Reading;

/// <summary>Every line is a record.</summary>
/// <param name="skipBlank">Whether lines of nothing but blanks are none.</param>
internal sealed class LineRecords(TextReader reader, bool skipBlank) : RecordReader(reader)
{
    protected override Scan Scan(ReadOnlySpan<char> text, bool isLast)
    {
        var end = text.IndexOf('\n');
        if (end < 0 && !isLast)
            return Reading.Scan.More;
        if (text.IsEmpty)
            return Reading.Scan.End;
        var consumed = end < 0 ? text.Length : end + 1;
        var line = text[..(end < 0 ? text.Length : end)];
        if (line.EndsWith("\r"))
            line = line[..^1];
        return skipBlank && line.Trim(" \t\r").IsEmpty
            ? Reading.Scan.Nothing(consumed, 1)
            : Reading.Scan.Record(line.Length, consumed, 1);
    }

    protected override (int Length, int Consumed) FirstLine(ReadOnlySpan<char> text)
    {
        var end = text.IndexOf('\n');
        return end < 0 ? (text.Length, text.Length) : (end, end + 1);
    }
}
