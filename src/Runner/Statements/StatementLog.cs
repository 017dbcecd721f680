using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Strata.Runner.Adapters;

namespace Strata.Runner.Statements;

/// <summary>
/// A file with one line of JSON for each statement that the adapters it watches have sent, written when the statement has ended: whoever kills the
/// process keeps what there was. Safe to share between threads.
/// </summary>
public sealed class StatementLog : IDisposable
{
    private static readonly JsonWriterOptions Format = new()
    {
        // a file for people and programs, and no part of a web page: quotes stay quotes
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly Stream _file;
    private readonly string? _runId;
    private readonly Func<string, string> _redact;
    private readonly Lock _lock = new();
    private readonly ArrayBufferWriter<byte> _line = new();
    private bool _isClosed;

    /// <param name="file">Each line is one write; the end is nobody else's, or this one's to seek.</param>
    /// <param name="runId">The run that the statements are of, if they are of one.</param>
    /// <param name="redact">Takes secrets out of a text.</param>
    public StatementLog(Stream file, string? runId, Func<string, string> redact, TimeProvider clock)
    {
        _file = file;
        _runId = runId;
        _redact = redact;
        Clock = clock;
    }

    /// <summary>Why the log is not complete; null while it is.</summary>
    public string? Failure { get; private set; }

    internal TimeProvider Clock { get; }

    /// <summary>Opens a file behind what it has; its folder is made.</summary>
    /// <exception cref="IOException">It cannot be written; so can <see cref="UnauthorizedAccessException"/> say.</exception>
    public static StatementLog Open(
        string path,
        string? runId,
        Func<string, string> redact,
        TimeProvider clock
    )
    {
        if (Path.GetDirectoryName(path) is { Length: > 0 } folder)
            Directory.CreateDirectory(folder);
        // without a buffer: what is written is with the operating system
        var file = new FileStream(
            path,
            FileMode.Append,
            FileAccess.Write,
            FileShare.ReadWrite,
            bufferSize: 0
        );
        return new StatementLog(file, runId, redact, clock);
    }

    /// <summary>An adapter that does the same, and is watched. It is disposed with the returned one.</summary>
    public IAdapter Watch(IAdapter adapter) => new LoggedAdapter(adapter, this);

    internal void Write(RunningStatement statement, TimeSpan duration, long? rows, string? error)
    {
        lock (_lock)
        {
            // one that is cut off may still end while everything is being closed
            if (_isClosed || Failure is not null)
                return;
            _line.ResetWrittenCount();
            using (var json = new Utf8JsonWriter(_line, Format))
                Write(json, statement, duration, rows, error);
            _line.Write("\n"u8);
            Append(_line.WrittenSpan);
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _isClosed = true;
            _file.Dispose();
        }
    }

    private void Write(
        Utf8JsonWriter json,
        RunningStatement statement,
        TimeSpan duration,
        long? rows,
        string? error
    )
    {
        json.WriteStartObject();
        json.WriteString(
            "started_at",
            statement.StartedAt.UtcDateTime.ToString(
                "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'",
                CultureInfo.InvariantCulture
            )
        );
        json.WriteString("run_id", _runId);
        json.WriteString("connection", statement.On.Connection);
        json.WriteString("engine", statement.On.Dialect.Name);
        json.WriteString("node", statement.Owner.Node);
        json.WriteString("phase", statement.Owner.Phase);
        json.WriteString("kind", NameOf(statement.Kind));
        json.WriteNumber("ms", Math.Round(duration.TotalMilliseconds, 3));
        if (rows is { } count)
            json.WriteNumber("rows", count);
        else
            json.WriteNull("rows");
        json.WriteString("error", error is null ? null : _redact(error));
        json.WriteString("sql", _redact(statement.Sql));
        json.WriteEndObject();
    }

    private void Append(ReadOnlySpan<byte> line)
    {
        long? before = null;
        try
        {
            if (_file.CanSeek)
                // another command may write to the same file
                before = _file.Seek(0, SeekOrigin.End);
            _file.Write(line);
            _file.Flush();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Failure = e.Message;
            RemoveHalfLine(before);
        }
    }

    /// <summary>On a full disk there may be room for a part of the line, which would keep programs from reading the others.</summary>
    private void RemoveHalfLine(long? length)
    {
        try
        {
            if (length is { } before)
                _file.SetLength(before);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // it stays
        }
    }

    private static string NameOf(StatementKind kind) =>
        kind switch
        {
            StatementKind.Statement => "statement",
            StatementKind.Query => "query",
            StatementKind.Read => "read",
            StatementKind.Write => "write",
            StatementKind.Describe => "describe",
            StatementKind.Begin => "begin",
            StatementKind.Commit => "commit",
            StatementKind.Rollback => "rollback",
            StatementKind.Connect => "connect",
            StatementKind.Lock => "lock",
            _ => throw new ArgumentOutOfRangeException(nameof(kind)),
        };
}
