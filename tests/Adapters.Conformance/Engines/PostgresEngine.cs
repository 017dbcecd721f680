using Strata.Adapters.Postgres;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;

namespace Strata.Adapters.Conformance.Engines;

public sealed class PostgresEngine : EngineUnderTest
{
    private readonly PostgresDatabase _database = new();

    public override string EndlessQuery =>
        "select count(*) from generate_series(1, 1000000) a, generate_series(1, 1000000) b";

    // in the select list rows come one by one; in from all are written to disk before the first is given
    public override string Series(long count) => $"select generate_series(0::bigint, {count} - 1) as i";

    public override IReadOnlyList<string> ProbeArguments =>
        ["postgres", .. Options.Select(option => option.Value)];

    public PostgresDatabase Database => _database;

    public override IAdapter CreateAdapter() => CreateAdapter([.. Options]);

    public IEnumerable<(string Key, string Value)> Options =>
        [
            ("host", _database.Server.Host),
            ("port", _database.Server.Port.ToString()),
            ("user", _database.Server.User),
            ("password", _database.Server.Password),
            ("database", _database.Name),
        ];

    public static IAdapter CreateAdapter(params (string Key, string Value)[] options)
    {
        var diagnostics = new DiagnosticBag();
        return OrFail(PostgresAdapter.Create(Config(EngineType.Postgres, options), diagnostics), diagnostics);
    }

    public override Task BoundLockWaitAsync(ISession session) =>
        session.ExecuteAsync("set local lock_timeout = '100ms'", CancellationToken.None);

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        _database.Dispose();
    }
}
