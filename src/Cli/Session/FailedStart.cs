using System.Collections.Immutable;
using Strata.Cli.CommandLine;
using Strata.Compiler.Diagnostics;
using Strata.Runner.Results;

namespace Strata.Cli.Session;

/// <summary>A command that was to execute something and began nothing: the project has errors, a lock is held, an engine does not answer.</summary>
public sealed record FailedStart
{
    /// <summary>As typed, without arguments: <c>strata build</c>.</summary>
    public required string Command { get; init; }

    public required string RunId { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>Null where the project could not be read that far.</summary>
    public string? ProjectName { get; init; }

    /// <summary>The same.</summary>
    public string? TargetName { get; init; }

    public required int ExitCode { get; init; }

    /// <summary>All that was printed.</summary>
    public required ImmutableArray<Diagnostic> Diagnostics { get; init; }

    /// <summary>The command's name and, where they are known, those of the project and the target.</summary>
    public string Title => ProjectName is null ? Command : $"{ProjectName}: {Command}";

    /// <summary>Writes run_results.json, so that nobody takes the results before it for those of this command; they are kept beside it.</summary>
    /// <returns>False, after saying why, when the folder cannot be written.</returns>
    public bool TryWriteResults(CommandContext context, string folder)
    {
        try
        {
            var artifacts = new ArtifactFolder(folder, context.Redactor);
            artifacts.KeepResults();
            artifacts.WriteJson(
                ArtifactFolder.RunResults,
                stream =>
                    RunResultsJson.WriteNotStarted(
                        stream,
                        new RunNotStarted(RunId, TargetName, ExitCode, Diagnostics),
                        Command,
                        ProductVersion.Text,
                        context.Host.Time.GetUtcNow()
                    )
            );
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            var problem = CommandLineDiagnostics.CannotWrite(context.Shorten(folder), exception.Message);
            // it may be the very reason why nothing was begun
            if (Diagnostics.All(said => said.Code != problem.Code))
                context.Fail(problem);
            return false;
        }
    }
}
