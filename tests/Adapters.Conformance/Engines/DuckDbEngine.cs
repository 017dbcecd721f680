using Strata.Adapters.DuckDb;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Sql;
using Strata.Runner.Adapters;

namespace Strata.Adapters.Conformance.Engines;

public sealed class DuckDbEngine : EngineUnderTest
{
    private readonly TemporaryFolder _folder = new();

    public override string EndlessQuery =>
        "select count(*) from range(100000000000) a, range(1000) b where a.range % 7 = b.range";

    public override string Series(long count) => $"select range as i from range({count})";

    public override IReadOnlyList<string> ProbeArguments => ["duckdb", _folder.Path];

    public override IAdapter CreateAdapter() => CreateAdapter(_folder.Path);

    public static IAdapter CreateAdapter(string folder, params (string Key, string Value)[] options)
    {
        var diagnostics = new DiagnosticBag();
        var config = Config(EngineType.DuckDb, [("path", "sub folder/lake.duckdb"), .. options]);
        return OrFail(DuckDbAdapter.Create(config, folder, diagnostics), diagnostics);
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        _folder.Dispose();
    }
}
