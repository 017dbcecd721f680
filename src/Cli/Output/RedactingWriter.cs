using System.Text;

namespace Strata.Cli.Output;

/// <summary>
/// Passes text on line by line, with secrets replaced. A line that is not finished yet is held back until
/// it is flushed, so that a secret written in two pieces is still found. Safe to share between threads.
/// </summary>
public sealed class RedactingWriter(TextWriter inner, Redactor redactor) : TextWriter
{
    private readonly StringBuilder _line = new();
    private readonly Lock _lock = new();

    public override Encoding Encoding => inner.Encoding;

    public override void Write(char value)
    {
        lock (_lock)
        {
            _line.Append(value);
            if (value == '\n')
                PassOn();
        }
    }

    public override void Write(string? value)
    {
        if (value is null)
            return;
        Write(value.AsSpan());
    }

    public override void Write(char[] buffer, int index, int count) => Write(buffer.AsSpan(index, count));

    public override void Write(ReadOnlySpan<char> buffer)
    {
        lock (_lock)
        {
            _line.Append(buffer);
            if (buffer.Contains('\n'))
                PassOn();
        }
    }

    public override void WriteLine() => Write('\n');

    public override void WriteLine(string? value)
    {
        lock (_lock)
        {
            Write(value);
            Write('\n');
        }
    }

    /// <summary>A line for programs.</summary>
    /// <param name="json">One JSON document, without a line end.</param>
    public void WriteJsonLine(string json)
    {
        lock (_lock)
        {
            PassOn();
            inner.Write(redactor.RedactJson(json) + "\n");
        }
    }

    public override void Flush()
    {
        lock (_lock)
        {
            PassOn();
            inner.Flush();
        }
    }

    public override Task FlushAsync()
    {
        Flush();
        return Task.CompletedTask;
    }

    private void PassOn()
    {
        if (_line.Length == 0)
            return;
        var text = _line.ToString();
        _line.Clear();
        inner.Write(redactor.IsEmpty ? text : redactor.Redact(text));
    }
}
