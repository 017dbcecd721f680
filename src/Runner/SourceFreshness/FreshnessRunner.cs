using System.Collections.Concurrent;
using System.Collections.Immutable;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;
using Strata.Compiler.Manifest.Sources;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters.Errors;
using Strata.Runner.Execution;
using Strata.Runner.Planning;
using Strata.Runner.State;
using Strata.Runner.Statements;

namespace Strata.Runner.SourceFreshness;

/// <summary>
/// Looks at the age of sources, for <c>strata source freshness</c>. Takes no lock, so that it answers while a build is
/// writing, as far as its engine lets others read meanwhile. One source that cannot be asked, or one connection, leaves the
/// others alone; files that are there need no connection.
/// </summary>
public static class FreshnessRunner
{
    /// <param name="request">Of what is selected, the sources that have a limit.</param>
    public static async Task<FreshnessReport> RunAsync(
        RunRequest request,
        CancellationToken cancellationToken
    )
    {
        var started = request.Clock.GetTimestamp();
        var runId = request.RunId ?? RunId.Create(request.StartedAt);
        var problems = new ConcurrentBag<Diagnostic>();
        var connections = Sources(request).GroupBy(source => source.Connection);
        var results = await Task.WhenAll(
            connections.Select(some =>
                AskConnectionAsync(request, runId, some.Key, [.. some], problems.Add, cancellationToken)
            )
        );
        return new FreshnessReport(
            runId,
            [
                .. results
                    .SelectMany(some => some)
                    .OrderBy(result => result.Source.UniqueId, StringComparer.Ordinal),
            ],
            [.. problems.OrderBy(problem => problem.Message, StringComparer.Ordinal)],
            request.Clock.GetElapsedTime(started)
        );
    }

    /// <summary>Of what is selected, what the runner would look at.</summary>
    public static IEnumerable<SourceNode> Sources(RunRequest request) =>
        request
            .Manifest.Nodes.Values.OfType<SourceNode>()
            .Where(source => source.Freshness is not null && request.Selected.Contains(source.UniqueId));

    private static async Task<IEnumerable<FreshnessResult>> AskConnectionAsync(
        RunRequest request,
        string runId,
        string connection,
        ImmutableArray<SourceNode> sources,
        Action<Diagnostic> onProblem,
        CancellationToken cancellationToken
    )
    {
        var adapter = request.Adapters[connection];
        EngineSnapshot snapshot;
        try
        {
            await using var session = await adapter.OpenSessionAsync(cancellationToken);
            snapshot = await StateReader.ReadAsync(
                connection,
                session,
                adapter.Dialect,
                [.. sources.Select(source => source.Relation.Schema).Distinct()],
                withFiles: sources.Any(source => source.Files is not null),
                cancellationToken
            );
        }
        catch (EngineException e)
        {
            var problem =
                e.Error.Kind == EngineErrorKind.Locked
                    ? e.Error.ToDiagnostic(adapter.Dialect.Name, "source freshness")
                    : StateSurvey.Unreachable(request.Manifest, connection, e.Error);
            ImmutableArray<FreshnessResult> told =
            [
                .. sources.Select(source => LookAtFiles(request, adapter.Dialect, source, problem)),
            ];
            if (told.Any(result => result.Status != FreshnessStatus.RuntimeError))
                onProblem(FreshnessDiagnostics.OnlyFilesThatAreThere(connection, e.Error.Message));
            return told;
        }
        await using var on = new ConnectionRun(adapter, snapshot, runId) { Failpoints = request.Failpoints };
        var reader = new LoadedAtReader(
            adapter.Dialect,
            snapshot,
            request.Manifest.ProjectFolder,
            request.StartedAt
        );
        var results = new ConcurrentBag<FreshnessResult>();
        await Parallel.ForEachAsync(
            sources,
            new ParallelOptions
            {
                MaxDegreeOfParallelism = Math.Max(1, Math.Min(request.Threads, adapter.MaxConcurrency)),
                CancellationToken = cancellationToken,
            },
            async (source, token) => results.Add(await AskAsync(request, on, reader, source, token))
        );
        if (
            await FreshnessRecorder.TryRecordAsync(
                request,
                runId,
                on,
                snapshot,
                [.. results],
                cancellationToken
            ) is
            { } reason
        )
            onProblem(FreshnessDiagnostics.NotKept(connection, reason));
        return results;
    }

    private static async Task<FreshnessResult> AskAsync(
        RunRequest request,
        ConnectionRun on,
        LoadedAtReader reader,
        SourceNode source,
        CancellationToken cancellationToken
    )
    {
        var started = request.Clock.GetTimestamp();
        var freshness = FreshnessOf(source);
        FreshnessResult result;
        using var scope = StatementScope.Enter(source.UniqueId);
        try
        {
            await using var lease = await on.Sessions.RentAsync(cancellationToken);
            // a session whose statement failed or was cancelled is closed
            lease.IsBroken = true;
            var loaded = await reader.ReadAsync(lease.Session, source, freshness, cancellationToken);
            lease.IsBroken = false;
            result = FreshnessJudge.Judge(source, freshness, loaded, request.Clock.GetUtcNow());
        }
        catch (EngineException e)
        {
            result = NotTold(
                request,
                source,
                e.Error.ToDiagnostic(
                    on.Dialect.Name,
                    $"the freshness of source '{source.SourceName}.{source.Name}'",
                    freshness.Declaration
                )
            );
        }
        catch (NodeFailedException e)
        {
            result = NotTold(request, source, e.Diagnostics[0]);
        }
        return result with { Duration = request.Clock.GetElapsedTime(started) };
    }

    /// <summary>What can be told without the connection. A source without any file may have had some: only the state knows.</summary>
    private static FreshnessResult LookAtFiles(
        RunRequest request,
        SqlDialect dialect,
        SourceNode source,
        Diagnostic problem
    )
    {
        var freshness = FreshnessOf(source);
        var started = request.Clock.GetTimestamp();
        try
        {
            var reader = new LoadedAtReader(
                dialect,
                StateReader.Unread(source.Connection, dialect),
                request.Manifest.ProjectFolder,
                request.StartedAt
            );
            return reader.FindNewestFile(source, freshness) is { At: not null } loaded
                ? FreshnessJudge.Judge(source, freshness, loaded, request.Clock.GetUtcNow()) with
                {
                    Duration = request.Clock.GetElapsedTime(started),
                }
                : NotTold(request, source, problem);
        }
        catch (NodeFailedException e)
        {
            return NotTold(request, source, e.Diagnostics[0]);
        }
    }

    private static FreshnessResult NotTold(RunRequest request, SourceNode source, Diagnostic problem) =>
        new()
        {
            Source = source,
            Freshness = FreshnessOf(source),
            Status = FreshnessStatus.RuntimeError,
            Basis = LoadedAtReader.BasisOf(source, FreshnessOf(source)),
            LookedAt = request.Clock.GetUtcNow(),
            Diagnostic = problem,
        };

    private static FreshnessConfig FreshnessOf(SourceNode source) =>
        source.Freshness ?? throw new InvalidOperationException($"'{source.UniqueId}' has no freshness");
}
