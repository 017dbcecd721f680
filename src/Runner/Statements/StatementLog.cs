using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Strata.Runner.Adapters;

namespace Strata.Runner.Statements;

/// <summary>
/// A file with one line of JSON for each statement that the adapters it watches have sent, written when the statement has ended: whoever kills the
/// process keeps what there was. Safe to share between threads; other commands may write to the same file.
/// </summary>
public sealed class StatementLog : IDisposable
{
    private static readonly JsonWriterOptions Format = new()
    {
        // a file for people and programs, and no part of a web page: quotes stay quotes
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    // a process has one lock on a file, whoever in it asks
    private static readonly Lock s_lock = new();

    private readonly Stream _file;
    private readonly string? _runId;
    private readonly Func<string, string> _redact;
    private readonly ArrayBufferWriter<byte> _line = new();
    private bool _isClosed;

    /// <param name="file">Each line is one write, at the end of what can be sought.</param>
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

    /// <summary>Opens a file behind what it has; its folder is made. A new file is its owner's alone: values in SQL are not masked.</summary>
    /// <exception cref="IOException">It cannot be written, or is a pipe or a terminal; so can <see cref="UnauthorizedAccessException"/> say.</exception>
    public static StatementLog Open(
        string path,
        string? runId,
        Func<string, string> redact,
        TimeProvider clock
    )
    {
        if (Path.GetDirectoryName(path) is { Length: > 0 } folder)
            Directory.CreateDirectory(folder);
        var options = new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate,
            // only to write would wait for a reader if it is a pipe
            Access = FileAccess.ReadWrite,
            Share = FileShare.ReadWrite,
            // without a buffer: what is written is with the operating system
            BufferSize = 0,
        };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var file = new FileStream(path, options);
        if (file.CanSeek)
            return new StatementLog(file, runId, redact, clock);
        file.Dispose();
        throw new IOException("It is a pipe or a terminal, not a file.");
    }

    /// <summary>An adapter that does the same, and is watched. It is disposed with the returned one.</summary>
    public IAdapter Watch(IAdapter adapter) => new LoggedAdapter(adapter, this);

    internal void Write(RunningStatement statement, TimeSpan duration, long? rows, string? error)
    {
        lock (s_lock)
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
        lock (s_lock)
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
        try
        {
            using var turn = FileTurn.Take(_file);
            var before = _file.Seek(0, SeekOrigin.End);
            try
            {
                _file.Write(line);
                _file.Flush();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                Failure = e.Message;
                RemoveHalfLine(before);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Failure = e.Message;
        }
    }

    /// <summary>
    /// On a full disk there may be room for a part of the line, which would keep programs from reading the others. It is the last one while it is
    /// this command's turn.
    /// </summary>
    private void RemoveHalfLine(long length)
    {
        try
        {
            _file.SetLength(length);
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
