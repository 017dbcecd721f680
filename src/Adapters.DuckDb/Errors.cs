using System.Globalization;
using System.Text;
using System.Text.Json;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters.Errors;

namespace Strata.Adapters.DuckDb;

/// <summary>
/// DuckDB's errors on our side of the seam. The adapter sets <c>errors_as_json</c>, so an error is a JSON object
/// with a type, a message, a position and the nearest names; errors of opening a database are plain text.
/// </summary>
internal static class Errors
{
    private const string JsonStart = "{\"exception_type\"";

    // DuckDB's advice stands under one of these; the fact stands above
    private static readonly string[] AdviceMarkers =
    [
        "\n\nPossible solutions:",
        "\nPossible fixes:",
        "\nPossible Solution:",
        "\n\tCandidate functions:",
        "\nCandidate bindings:",
        "\nCandidate extensions:",
        "\nDid you mean ",
        "\n\nPlease try installing",
        "\n\nFor more info, visit",
    ];

    /// <param name="sql">The statement as it was sent; null where there was none.</param>
    /// <param name="prefixBytes">UTF-8 bytes of text that we put in front of the caller's statement.</param>
    public static EngineException From(
        string raw,
        Redaction redaction,
        string? sql = null,
        int prefixBytes = 0
    )
    {
        var error = Parse(raw);
        if (CsvError.Explain(error.Message) is { } unreadable)
        {
            return new EngineException(
                new EngineError(EngineErrorKind.File, redaction.Apply(unreadable))
                {
                    Engine = DuckDbDialect.Instance.Name,
                    Code = error.Type,
                    Hint = "fix the line, or remove the file from the landing folder; nothing of it was read",
                }
            );
        }
        var (fact, advice) = SplitAdvice(error.Message);
        return new EngineException(
            new EngineError(
                Classify(error.Type, error.Message),
                redaction.Apply($"{Title(error.Type)}: {fact}")
            )
            {
                Engine = DuckDbDialect.Instance.Name,
                Position =
                    sql is not null && error.Position is { } position && position >= prefixBytes
                        ? Utf16Offset(sql, position - prefixBytes)
                        : null,
                Hint = (NearestNames(error) ?? advice ?? SameNames(error.Message)) is { Length: > 0 } hint
                    ? redaction.Apply(hint)
                    : null,
                Code = error.Type,
                IsTransient = IsConflict(error.Type, error.Message),
            }
        );
    }

    /// <summary>For our own refusals, in the same form.</summary>
    public static EngineException Of(EngineErrorKind kind, string message, string? hint = null) =>
        new(new EngineError(kind, message) { Engine = DuckDbDialect.Instance.Name, Hint = hint });

    /// <summary>Whether a statement was refused because its transaction only reads.</summary>
    public static bool IsReadOnly(EngineException exception) =>
        exception.Message.Contains("read-only mode", StringComparison.OrdinalIgnoreCase);

    public static bool IsInterrupt(EngineException exception) =>
        string.Equals(exception.Error.Code, "Interrupt", StringComparison.OrdinalIgnoreCase);

    /// <summary>The process in "Conflicting lock is held in /usr/bin/duckdb (PID 4711) by user ...".</summary>
    public static string? FindLockHolder(string message)
    {
        const string before = "lock is held in ";
        var start = message.IndexOf(before, StringComparison.Ordinal);
        var end = start < 0 ? -1 : message.IndexOf(')', start);
        return end < 0 ? null : message[(start + before.Length)..(end + 1)];
    }

    private static RawError Parse(string raw)
    {
        var start = raw.IndexOf(JsonStart, StringComparison.Ordinal);
        if (start < 0)
            return ParsePlain(raw);
        // inside another message, text may follow the object
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(raw[start..]));
        if (!JsonDocument.TryParseValue(ref reader, out var document))
            return ParsePlain(raw);
        using (document)
        {
            var root = document.RootElement;
            return new RawError(Field(root, "exception_type") ?? "", Field(root, "exception_message") ?? raw)
            {
                Position = int.TryParse(Field(root, "position"), CultureInfo.InvariantCulture, out var p)
                    ? p
                    : null,
                Name = Field(root, "name"),
                Subtype = Field(root, "error_subtype"),
                EntryType = Field(root, "type"),
                Candidates = Field(root, "candidates"),
            };
        }
    }

    private static string? Field(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    // "IO Error: Could not set lock ..."
    private static RawError ParsePlain(string raw)
    {
        const string separator = " Error: ";
        var at = raw.IndexOf(separator, StringComparison.Ordinal);
        var isTitle = at is > 0 and < 30 && !raw.AsSpan(0, at).ContainsAny('\n', ':', '"');
        return isTitle ? new RawError(raw[..at], raw[(at + separator.Length)..]) : new RawError("", raw);
    }

    private static string Title(string type) =>
        type.Length == 0 ? "Error"
        : type.EndsWith("Error", StringComparison.Ordinal) ? type
        : $"{type} Error";

    private static EngineErrorKind Classify(string type, string message)
    {
        if (message.Contains("Could not set lock on file", StringComparison.Ordinal))
            return EngineErrorKind.Locked;
        if (
            message.Contains("No space left on device", StringComparison.Ordinal)
            || message.Contains("Out of memory", StringComparison.OrdinalIgnoreCase)
        )
            return EngineErrorKind.Resources;
        return type switch
        {
            "IO" => EngineErrorKind.File,
            "Invalid Input" or "Conversion" or "Serialization" => IsAboutFile(message)
                ? EngineErrorKind.File
                : EngineErrorKind.Data,
            "Out of Range" or "Constraint" or "Divide by Zero" or "Decimal" or "Object Size" =>
                EngineErrorKind.Data,
            "Out of Memory" => EngineErrorKind.Resources,
            "TransactionContext" => IsConflict(type, message)
                ? EngineErrorKind.Conflict
                : EngineErrorKind.Statement,
            "Dependency" => EngineErrorKind.Dependents,
            "Permission" => EngineErrorKind.Permission,
            "Connection" => EngineErrorKind.Connection,
            "Missing Extension" or "Extension Autoloading" or "HTTP" or "Network" =>
                EngineErrorKind.Unsupported,
            "INTERNAL" or "Internal" or "FATAL" or "Fatal" or "INTERRUPT" or "Interrupt" or "" =>
                EngineErrorKind.Other,
            _ => EngineErrorKind.Statement,
        };
    }

    private static bool IsConflict(string type, string message) =>
        type == "TransactionContext" && message.Contains("conflict", StringComparison.OrdinalIgnoreCase);

    private static bool IsAboutFile(string message) =>
        message.StartsWith("CSV Error", StringComparison.Ordinal)
        || message.StartsWith("Error when sniffing file", StringComparison.Ordinal)
        || message.Contains(" in file \"", StringComparison.Ordinal)
        || message.StartsWith("File '", StringComparison.Ordinal)
        || message.Contains("Parquet file", StringComparison.OrdinalIgnoreCase);

    private static (string Fact, string? Advice) SplitAdvice(string message)
    {
        var at = -1;
        foreach (var marker in AdviceMarkers)
        {
            var found = message.IndexOf(marker, StringComparison.Ordinal);
            if (found >= 0 && (at < 0 || found < at))
                at = found;
        }
        if (at < 0)
            return (message.Trim(), null);
        var lines = message[at..]
            .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Where(line => !line.StartsWith("See also ", StringComparison.Ordinal))
            .Select(line => line.TrimStart('*', ' '))
            .Take(6)
            .ToArray();
        var advice =
            lines is [var title, _, ..] && title.EndsWith(':')
                ? $"{title.ToLowerInvariant()} {string.Join("; ", lines.Skip(1))}"
                : string.Join(" ", lines);
        return (message[..at].Trim() + FileOf(message, at), advice);
    }

    // errors of the CSV reader name the file among its settings, below the advice
    private static string FileOf(string message, int from)
    {
        const string setting = "\n  file = ";
        var at = message.IndexOf(setting, from, StringComparison.Ordinal);
        if (at < 0)
            return "";
        var start = at + setting.Length;
        var end = message.IndexOf('\n', start);
        return $"\nin file {(end < 0 ? message[start..] : message[start..end])}";
    }

    private static string? SameNames(string message) =>
        message.StartsWith("Ambiguous reference to catalog or schema", StringComparison.Ordinal)
            ? "the schema has the name of the database file: give one of them another name"
            : null;

    private static string? NearestNames(RawError error)
    {
        if (error is not { Name: { } name, Candidates: { Length: > 0 } candidates })
            return null;
        var known = candidates.Split(
            ',',
            StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries
        );
        if (error.Subtype == "COLUMN_NOT_FOUND")
        {
            return Suggestions.Nearest(name, known) is { } column
                ? $"similar column: {column}"
                : $"columns in reach: {string.Join(", ", known)}";
        }
        // far-fetched names of system tables are no help
        return Suggestions.Nearest(name, known) is { } nearest
            ? $"similar {(error.EntryType ?? "name").ToLowerInvariant()}: {nearest}"
            : "";
    }

    /// <summary>The place in UTF-16 of a byte offset into the text's UTF-8.</summary>
    private static int Utf16Offset(string text, int byteOffset)
    {
        var at = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            if (byteOffset <= 0)
                break;
            byteOffset -= rune.Utf8SequenceLength;
            at += rune.Utf16SequenceLength;
        }
        return at;
    }

    private sealed record RawError(string Type, string Message)
    {
        public int? Position { get; init; }
        public string? Name { get; init; }
        public string? Subtype { get; init; }
        public string? EntryType { get; init; }
        public string? Candidates { get; init; }
    }
}
