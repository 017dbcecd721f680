using System.Collections.Immutable;
using Strata.Compiler.Manifest;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;
using Strata.Runner.Events;
using Strata.Runner.Execution;
using Strata.Runner.Feeds;
using Strata.Runner.Planning;
using Strata.Runner.Results;
using Strata.Runner.State.Tables;

namespace Strata.Runner.Proving.Replaying;

/// <summary>The engine in memory on which a model is replayed, by the runner that runs it in earnest.</summary>
internal sealed class Scratch : IAsyncDisposable
{
    public const string PoolSchema = "prove_pool";
    public const string GivenSchemas = "prove_given";

    // any day will do; it must not be today, so that what a batch is marked with does not depend on the clock
    private static readonly DateTimeOffset FirstDay = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly RunRequest _request;
    private readonly bool _madeParent;
    private int _runs;
    private ImmutableArray<RelationName> _stateTables = [];

    private Scratch(RunRequest request, IAdapter adapter, ISession session, string folder)
    {
        _request = request;
        Adapter = adapter;
        Session = session;
        Folder = folder;
        _madeParent = !Directory.Exists(Path.GetDirectoryName(folder));
    }

    public IAdapter Adapter { get; }

    public ISession Session { get; }

    /// <summary>Where landed files are delivered to.</summary>
    public string Folder { get; }

    public static async Task<Scratch> OpenAsync(
        RunRequest request,
        Func<IAdapter> open,
        string folder,
        CancellationToken cancellationToken
    )
    {
        var adapter = open();
        var session = await adapter.OpenSessionAsync(cancellationToken);
        await session.ExecuteAsync($"create schema {PoolSchema}", cancellationToken);
        return new Scratch(request, adapter, session, folder);
    }

    public static DateTimeOffset InstantOf(int batch) => FirstDay.AddHours(batch);

    /// <summary>Forgets every relation and all state; the pools stay.</summary>
    public async Task ResetAsync(CancellationToken cancellationToken)
    {
        foreach (var schema in await Session.ListSchemasAsync(cancellationToken))
        {
            if (
                schema == "main"
                || schema == PoolSchema
                || schema.StartsWith(GivenSchemas, StringComparison.Ordinal)
            )
                continue;
            if (schema == StateTables.Schema)
            {
                await EmptyStateAsync(cancellationToken);
                continue;
            }
            await Session.ExecuteAsync(
                $"drop schema {Adapter.Dialect.QuoteIdentifier(schema)} cascade",
                cancellationToken
            );
            // the state's own, and it believes to have it
            if (schema == FeedTables.Schema)
                await Session.ExecuteAsync(
                    $"create schema {Adapter.Dialect.QuoteIdentifier(schema)}",
                    cancellationToken
                );
        }
    }

    /// <summary>Making the state's tables anew takes longer than a small run, and which there are does not change.</summary>
    private async Task EmptyStateAsync(CancellationToken cancellationToken)
    {
        if (_stateTables.IsEmpty)
        {
            var tables = await Session.ListRelationsAsync([StateTables.Schema], cancellationToken);
            _stateTables =
            [
                .. tables.Select(table => table.Name).Where(name => name != StateTables.VersionTable),
            ];
        }
        foreach (var table in _stateTables)
            await Session.ExecuteAsync($"delete from {Adapter.Dialect.Quote(table)}", cancellationToken);
    }

    /// <param name="at">When the run begins; null for a moment after the run before.</param>
    public Task<RunResult> BuildAsync(
        ProjectManifest manifest,
        ImmutableHashSet<string> selected,
        bool fullRefresh,
        DateTimeOffset? at,
        CancellationToken cancellationToken
    ) =>
        ProjectRunner.RunAsync(
            new RunRequest
            {
                Manifest = manifest,
                Renderer = _request.Renderer,
                Selected = selected,
                Command = RunCommand.Build,
                Adapters = new Dictionary<string, IAdapter> { [ScratchProject.Connection] = Adapter },
                StartedAt = at ?? InstantOf(++_runs),
                Clock = _request.Clock,
                FullRefresh = fullRefresh,
                KeepsHistory = false,
                Threads = 1,
            },
            new Silence(),
            cancellationToken
        );

    public async ValueTask DisposeAsync()
    {
        await Session.DisposeAsync();
        await Adapter.DisposeAsync();
        if (Directory.Exists(Folder))
            Directory.Delete(Folder, recursive: true);
        // nothing is left behind that was not there before
        if (
            _madeParent
            && Directory.GetParent(Folder) is { Exists: true } parent
            && !parent.EnumerateFileSystemInfos().Any()
        )
            parent.Delete();
    }

    private sealed class Silence : IRunObserver
    {
        public void OnEvent(RunEvent runEvent) { }
    }
}
