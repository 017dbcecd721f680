using Strata.Cli.CommandLine;
using Strata.Compiler.Diagnostics;
using Strata.Runner.Adapters;
using Strata.Runner.Statements;

namespace Strata.Cli.Session;

/// <summary>The file that <c>--log-statements</c> names, while a command is at work.</summary>
internal sealed class StatementLogFile : IDisposable
{
    private readonly CommandContext _context;
    private readonly string _path;
    private readonly StatementLog _log;

    private StatementLogFile(CommandContext context, string path, StatementLog log) =>
        (_context, _path, _log) = (context, path, log);

    /// <param name="typed">The file as it was typed; null for no log.</param>
    /// <returns>Null, after saying why, when the file cannot be written.</returns>
    public static AdapterSet? Attach(
        CommandContext context,
        string? typed,
        string? runId,
        AdapterSet adapters
    )
    {
        // nothing in a variable is no file
        if (string.IsNullOrEmpty(typed))
            return adapters;
        var path = context.FullPath(typed);
        try
        {
            var log = StatementLog.Open(path, runId, context.Redactor.Redact, context.Host.Time);
            return adapters.LoggedTo(new StatementLogFile(context, path, log));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // nothing has been opened yet
            context.Fail(
                CommandLineDiagnostics.CannotWriteStatements(context.Shorten(path), exception.Message)
            );
            return null;
        }
    }

    public IAdapter Watch(IAdapter adapter) => _log.Watch(adapter);

    /// <summary>Closes it, and says if it is not complete: not before the command has had its say, whose display is not to be torn.</summary>
    public void Dispose()
    {
        _log.Dispose();
        if (_log.Failure is { } problem)
            _context.Diagnostics.Print(
                CommandLineDiagnostics.StatementsLost(_context.Shorten(_path), problem)
            );
    }
}
