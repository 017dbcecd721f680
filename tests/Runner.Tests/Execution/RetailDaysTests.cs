using System.Collections.Immutable;
using Strata.Adapters.DuckDb;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;
using Strata.Compiler.Manifest.Models;
using Strata.Compiler.Manifest.Sources;
using Strata.Compiler.Project.Profiles;
using Strata.Compiler.Sql;
using Strata.Runner.Planning;
using Strata.Runner.Proving;
using Strata.Runner.Tests.Support;

namespace Strata.Runner.Tests.Execution;

/// <summary>
/// The invoices of a real shop, landed some days at a time and in any order: what the runs come to is what one query says of all files, and the
/// models do not depend on how their rows arrive.
/// </summary>
public sealed class RetailDaysTests : IAsyncLifetime
{
    private const int Days = 28;
    private const int DaysPerRun = 4;
    private const string Root = "data/sales/online_retail";

    private const string OfCustomers =
        "select coalesce(CustomerID, '-') as customer, count(*) as lines, count(distinct InvoiceNo) as invoices, "
        + "sum(Quantity * UnitPrice) as revenue, min(InvoiceDate) as first_at, max(InvoiceDate) as last_at";

    private const string OfDays =
        "select cast(InvoiceDate as date) as day, Country as country, count(*) as lines, "
        + "sum(Quantity * UnitPrice) as revenue";

    private readonly Workbench _bench = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    private Support.ManifestBuilder Project() =>
        _bench
            .Project()
            .Source(
                "landed",
                new FilesConfig(
                    Path.Combine(_bench.Folder, "landing/year=*/month=*/day=*/*.csv.gz"),
                    FileFormat.Csv,
                    HivePartitions: true,
                    [
                        .. Column("InvoiceNo", "varchar"),
                        .. Column("CustomerID", "varchar"),
                        .. Column("Country", "varchar"),
                        .. Column("Quantity", "integer"),
                        .. Column("UnitPrice", "decimal(12,3)"),
                        .. Column("InvoiceDate", "timestamp"),
                    ]
                )
            )
            .Model("lines", "select * from {landed}", Materialization.Incremental)
            .Model(
                "customers",
                $"{OfCustomers} from {{lines}} group by 1",
                Materialization.Incremental,
                config => config with { UniqueKey = ["customer"] },
                incremental: $"{OfCustomers} from {{lines}} where coalesce(CustomerID, '-') in "
                    + "(select coalesce(CustomerID, '-') from {changes lines}) group by 1"
            )
            .Model(
                "days",
                $"{OfDays} from {{lines}} group by 1, 2",
                Materialization.Incremental,
                config => config with { UniqueKey = ["day", "country"] },
                incremental: $"{OfDays} from {{lines}} where cast(InvoiceDate as date) in "
                    + "(select cast(InvoiceDate as date) from {changes lines}) group by 1, 2"
            );

    private static ImmutableArray<ColumnInfo> Column(string name, string type) =>
        [new(name, type, "", [], Volatile: false)];

    [CorporaFact(Root)]
    public async Task DaysInAnyOrder_ComeToWhatOneQueryOverAllFilesSays()
    {
        var files = Directory
            .EnumerateFiles(Corpora.PathTo(Root), "*.csv.gz", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal)
            .Take(Days)
            .ToArray();
        new Random(11).Shuffle(files);
        var lines = 0L;
        foreach (var some in files.Chunk(DaysPerRun))
        {
            foreach (var file in some)
            {
                var landed = Path.Combine(
                    _bench.Folder,
                    "landing",
                    Path.GetRelativePath(Corpora.PathTo(Root), file)
                );
                Directory.CreateDirectory(Path.GetDirectoryName(landed)!);
                File.Copy(file, landed);
            }
            var run = (await _bench.BuildAsync(Project())).ShouldSucceed();
            lines += run.Node("lines").Rows!.In!.Value;
            (run.Node("days").Rows!.Deleted ?? 0).ShouldBe(0);
        }

        var all =
            $"read_csv([{string.Join(", ", files.Select(file => $"'{file}'"))}], header = true, delim = ',', quote = '\"', escape = '\"', types = {{'InvoiceNo': 'varchar', "
            + "'CustomerID': 'varchar', 'Quantity': 'integer', 'UnitPrice': 'decimal(12,3)', 'InvoiceDate': 'timestamp'})";
        (await _bench.QueryAsync($"select count(*) from {all}")).ShouldBe([$"{lines}"]);
        (await _bench.QueryAsync("select * from main.customers order by 1")).ShouldBe(
            await _bench.QueryAsync($"{OfCustomers} from {all} group by 1 order by 1")
        );
        (await _bench.QueryAsync("select * from main.days order by 1, 2")).ShouldBe(
            await _bench.QueryAsync($"{OfDays} from {all} group by 1, 2 order by 1, 2")
        );
        (await _bench.QueryAsync("select count(*), count(distinct batch_id) from _strata.files")).ShouldBe([
            $"{Days}|{Days / DaysPerRun}",
        ]);

        var request = _bench.Request(
            Project(),
            RunCommand.Build,
            request => request with { OpenEmbedded = OpenEmbedded }
        );
        foreach (var name in new[] { "customers", "days" })
        {
            var proof = await Prover.ProveAsync(
                request,
                request.Manifest.Nodes.Values.OfType<ModelNode>().Single(model => model.Name == name),
                new ProofOptions { Rows = 200, Schedules = 2 },
                Path.Combine(_bench.Folder, $"proof_{name}"),
                CancellationToken.None
            );
            proof.Status.ShouldBe(ProofStatus.Proven);
        }
    }

    private static DuckDbAdapter OpenEmbedded() =>
        DuckDbAdapter.Create(
            new ConnectionConfig(
                "embedded",
                EngineType.DuckDb,
                ImmutableSortedDictionary<string, string>
                    .Empty.Add("path", ":memory:")
                    .Add("block_size", "16KB"),
                [],
                default
            ),
            "",
            new DiagnosticBag()
        ) ?? throw new InvalidOperationException("DuckDB cannot be opened in memory");
}
