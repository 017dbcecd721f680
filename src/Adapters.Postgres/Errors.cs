using System.Net.Sockets;
using Npgsql;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters.Errors;

namespace Strata.Adapters.Postgres;

/// <summary>Postgres's and Npgsql's errors on our side of the seam: the kind follows from the SQLSTATE.</summary>
internal static class Errors
{
    /// <summary>The SQLSTATE of a change in a transaction that only reads.</summary>
    public const string ReadOnly = "25006";

    private const string QueryCanceled = "57014";

    /// <param name="sql">The statement as it was sent; null where there was none.</param>
    /// <param name="prefixLength">Characters of ours in front of the caller's statement.</param>
    public static EngineException From(
        Exception exception,
        Options options,
        Redaction redaction,
        string? sql = null,
        int prefixLength = 0
    ) =>
        exception switch
        {
            PostgresException e => FromServer(e, redaction, sql, prefixLength),
            _ => FromTransport(exception, options, redaction),
        };

    /// <summary>For our own refusals, in the same form.</summary>
    public static EngineException Of(EngineErrorKind kind, string message, string? hint = null) =>
        new(new EngineError(kind, message) { Engine = PostgresDialect.Instance.Name, Hint = hint });

    /// <summary>For a statement on a connection that an earlier one has lost.</summary>
    public static EngineException Lost(Options options, Redaction redaction) =>
        new(
            new EngineError(
                EngineErrorKind.Connection,
                redaction.Apply($"the connection to {options.Address} was lost")
            )
            {
                Engine = PostgresDialect.Instance.Name,
                IsTransient = true,
                Hint = "look in the server's log for why it ended the connection, then build again",
            }
        );

    /// <summary>Whether an exception is one that <see cref="From"/> understands.</summary>
    public static bool IsEngines(Exception exception) =>
        exception is NpgsqlException or SocketException or TimeoutException or IOException;

    public static bool IsCancellation(Exception exception) =>
        exception is PostgresException { SqlState: QueryCanceled };

    private static EngineException FromServer(
        PostgresException e,
        Redaction redaction,
        string? sql,
        int prefixLength
    )
    {
        var message = string.IsNullOrEmpty(e.Detail) ? e.MessageText : $"{e.MessageText}\n{e.Detail}";
        // where the data of a COPY is to blame, a line of the context names its line and column
        var copied = e
            .Where?.Split('\n')
            .FirstOrDefault(line => line.StartsWith("COPY ", StringComparison.Ordinal));
        if (copied is not null)
            message += $"\n{copied}";
        return new EngineException(
            new EngineError(Classify(e.SqlState, e.MessageText), redaction.Apply(message))
            {
                Engine = PostgresDialect.Instance.Name,
                Position =
                    sql is not null && e.Position > prefixLength
                        ? Utf16Offset(sql, e.Position - 1 - prefixLength)
                        : null,
                Hint = e.Hint is { Length: > 0 } hint ? redaction.Apply(hint) : SettingsHint(e),
                Code = e.SqlState,
                IsTransient = IsTransient(e.SqlState),
            },
            e
        );
    }

    /// <summary>The setting of a role or database that makes the server refuse what is right.</summary>
    private static string? SettingsHint(PostgresException e) =>
        e.SqlState switch
        {
            QueryCanceled when e.MessageText.Contains("statement timeout", StringComparison.Ordinal) =>
                "statement_timeout is set for the role or the database: alter role ... set statement_timeout = 0",
            ReadOnly =>
                "default_transaction_read_only is set for the role or the database, or the server is a standby",
            "57P05" or "25P03" =>
                "the server ends sessions that wait: alter role ... set idle_session_timeout = 0 and idle_in_transaction_session_timeout = 0",
            _ => null,
        };

    private static EngineException FromTransport(Exception exception, Options options, Redaction redaction)
    {
        var words = exception.GetBaseException() switch
        {
            SocketException { SocketErrorCode: SocketError.ConnectionRefused } =>
                $"nothing answers at {options.Address}: connection refused",
            SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData } =>
                $"the host '{options.Host}' is not known",
            TimeoutException => $"no answer from {options.Address} in time",
            var cause => $"the connection to {options.Address} failed: {cause.Message}",
        };
        return new EngineException(
            new EngineError(EngineErrorKind.Connection, redaction.Apply(words))
            {
                Engine = PostgresDialect.Instance.Name,
                IsTransient = true,
                Hint =
                    "check that postgres is running there, and that host, port and sslmode in profiles.yml are right",
            },
            exception
        );
    }

    private static EngineErrorKind Classify(string state, string message) =>
        state switch
        {
            "42501" => EngineErrorKind.Permission,
            "3D000" => EngineErrorKind.Connection,
            "2BP01" => EngineErrorKind.Dependents,
            // a view reads the column whose type was to change
            "0A000" when message.Contains("used by a view or rule", StringComparison.Ordinal) =>
                EngineErrorKind.Dependents,
            "55P03" or "40001" or "40P01" => EngineErrorKind.Conflict,
            _ => state[..2] switch
            {
                "22" or "23" or "44" or "21" => EngineErrorKind.Data,
                // more columns, arguments, nesting than it can do
                "0A" or "54" => EngineErrorKind.Unsupported,
                "42" or "3F" or "2B" or "26" or "34" or "P0" => EngineErrorKind.Statement,
                "08" => EngineErrorKind.Connection,
                "57" when state.StartsWith("57P", StringComparison.Ordinal) => EngineErrorKind.Connection,
                "28" => EngineErrorKind.Permission,
                "53" => EngineErrorKind.Resources,
                "40" => EngineErrorKind.Conflict,
                "58" => EngineErrorKind.File,
                _ => EngineErrorKind.Other,
            },
        };

    private static bool IsTransient(string state) =>
        state is "40001" or "40P01" or "55P03" or "53300"
        || state.StartsWith("08", StringComparison.Ordinal)
        || state.StartsWith("57P", StringComparison.Ordinal);

    /// <summary>The place in UTF-16 of a count of characters (code points).</summary>
    private static int Utf16Offset(string text, int characters)
    {
        var at = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            if (characters-- <= 0)
                break;
            at += rune.Utf16SequenceLength;
        }
        return at;
    }
}
