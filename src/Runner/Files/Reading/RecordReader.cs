namespace Strata.Runner.Files.Reading;

/// <summary>
/// Gives the records of a text file one after the other, in bounded memory. What <see cref="ReadAsync"/> has
/// found lasts until its next call.
/// </summary>
internal abstract class RecordReader(TextReader reader)
{
    /// <summary>More of a bad record is not kept.</summary>
    public const int MaxRaw = 64 * 1024;

    private int _consumed;
    private int _rawLength;
    private bool _isCutting;

    /// <summary>The line of the file in which the record begins, from 1.</summary>
    public long Line { get; private set; } = 1;

    /// <summary>Why the record is rejected; null for a good one.</summary>
    public string? Problem { get; private set; }

    /// <summary>The record's text, without its end; at most <see cref="MaxRaw"/> of a bad one.</summary>
    public ReadOnlySpan<char> RawText =>
        Window.Text[..(Problem is null ? _rawLength : Math.Min(_rawLength, MaxRaw))];

    public string Raw => RawText.ToString();

    public virtual int FieldCount => 1;

    /// <summary>Lasts until the next call of this or of <see cref="ReadAsync"/>.</summary>
    public virtual ReadOnlySpan<char> FieldText(int index) => RawText;

    public string Field(int index) => FieldText(index).ToString();

    /// <summary>The field was written in quotes.</summary>
    public virtual bool IsQuoted(int index) => false;

    protected TextWindow Window { get; } = new(reader);

    /// <summary>Lines that the record takes, to be counted before the next one.</summary>
    private long Lines { get; set; }

    /// <returns>False at the end of the file.</returns>
    public async ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Window.Advance(_consumed);
            Line += Lines;
            (_consumed, Lines) = (0, 0);
            var found = Next();
            while (found.Kind == ScanKind.More)
            {
                if (Window.IsFull)
                {
                    found = TooLong(Window.Text);
                    break;
                }
                await Window.FillAsync(cancellationToken);
                found = Next();
            }
            if (found.Kind == ScanKind.End)
                return false;
            (_consumed, _rawLength, Lines, Problem) = (
                found.Consumed,
                found.Length,
                found.Lines,
                found.Problem
            );
            if (found.Kind == ScanKind.Record)
                return true;
        }
    }

    /// <summary>Looks for a record at the beginning of a text.</summary>
    protected abstract Scan Scan(ReadOnlySpan<char> text, bool isLast);

    /// <summary>Where the first line ends: its length, and with its end.</summary>
    protected virtual (int Length, int Consumed) FirstLine(ReadOnlySpan<char> text)
    {
        var end = text.IndexOfAny('\r', '\n');
        if (end < 0)
            return (text.Length, text.Length);
        return (end, end + (text[end..].StartsWith("\r\n") ? 2 : 1));
    }

    /// <summary>A bad record is given up at the end of its first line; what comes behind is read again.</summary>
    protected Scan Broken(ReadOnlySpan<char> text, bool isLast, string problem)
    {
        var (length, consumed) = FirstLine(text);
        // a line end may be of two characters
        if (consumed == text.Length && !isLast)
            return Reading.Scan.More;
        return Reading.Scan.Record(length, consumed, 1) with { Problem = problem };
    }

    private Scan Next() => _isCutting ? Cut() : Scan(Window.Text, Window.IsLast);

    private Scan TooLong(ReadOnlySpan<char> text)
    {
        const string problem = "the record has no end within 16 million characters";
        var (length, consumed) = FirstLine(text);
        // not even the first line has one: the rest of it is passed over
        _isCutting = consumed == text.Length && length == consumed;
        return Reading.Scan.Record(length, consumed, _isCutting ? 0 : 1) with { Problem = problem };
    }

    private Scan Cut()
    {
        var text = Window.Text;
        var (length, consumed) = FirstLine(text);
        if (length < text.Length || Window.IsLast)
        {
            _isCutting = false;
            return text.IsEmpty ? Reading.Scan.End : Reading.Scan.Nothing(consumed, 1);
        }
        return text.IsEmpty ? Reading.Scan.More : Reading.Scan.Nothing(consumed, 0);
    }
}
