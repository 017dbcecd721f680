namespace Strata.Cli.Tests;

/// <summary><c>strata ls</c> a second time: as quick as it may be, it must print what a first time would print.</summary>
public sealed class ListingTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public ListingTests()
    {
        Write("strata.yml", "name: shop\nlayers:\n  silver: { engine: duckdb, schema: silver }\n");
        Write(
            "profiles.yml",
            """
            default: dev
            targets:
              dev:
                duckdb: { type: duckdb, path: '{{ env_var "SHOP_FILE" "shop.duckdb" }}' }
              test:
                duckdb: { type: duckdb, path: test.duckdb }
            """
        );
        Write(
            "models/silver/orders.sql",
            """
            {{ config enabled: var("with_orders", true) tags: ["daily"] }}
            select 1 as id
            """
        );
        Write("models/silver/totals.sql", "select count(*) as orders from {{ ref \"orders\" }}");
        Write(
            "models/silver/silver.yml",
            "models:\n  - name: orders\n    description: Every order\n    columns:\n      - { name: id, tests: [not_null] }\n"
        );
    }

    private string Kept => Path.Combine(_folder.Path, "target", "cache", "listing.bin");

    [Fact]
    public async Task Ls_Again_PrintsTheSameOutOfTheCache()
    {
        foreach (
            var args in new[]
            {
                "ls",
                "ls -o json",
                "ls -s +totals",
                "ls --resource-type all",
                "ls -s tag:daily -o path",
            }
        )
        {
            if (File.Exists(Kept))
                File.Delete(Kept);
            var first = await RunAsync(args);
            File.Exists(Kept).ShouldBeTrue();
            var again = await RunAsync(args);

            again.ShouldBe(first);
            first.Out.ShouldContain("orders");
        }
    }

    [Fact]
    public async Task Ls_FileAddedChangedOrRemoved_IsSeen()
    {
        await RunAsync("ls");

        Write("models/silver/returns.sql", "select 2 as id");
        (await RunAsync("ls")).Out.ShouldBe("orders\nreturns\ntotals\n");
        Write("models/silver/returns.sql", "{{ config tags: [\"weekly\"] }} select 2 as id");
        (await RunAsync("ls -s tag:weekly")).Out.ShouldBe("returns\n");
        File.Delete(Path.Combine(_folder.Path, "models/silver/returns.sql"));
        (await RunAsync("ls")).Out.ShouldBe("orders\ntotals\n");
        Write("models/silver/totals.sql", "select * from {{ ref \"odrers\" }}");
        var broken = await RunAsync("ls");
        broken.ExitCode.ShouldBe(1);
        broken.Error.ShouldContain("ST3001");
    }

    [Fact]
    public async Task Ls_OtherVarsTargetOrEnvironment_IsCompiledAnew()
    {
        await RunAsync("ls");

        (await RunAsync("ls|--vars|{with_orders: false}")).ExitCode.ShouldBe(
            1,
            "totals reads a disabled model"
        );
        (await RunAsync("ls --target nowhere")).ExitCode.ShouldBe(2);
        (await RunAsync("ls", ("SHOP_FILE", "other.duckdb"))).Out.ShouldBe("orders\ntotals\n");
    }

    [Fact]
    public async Task Ls_OnlyTestsMatch_SaysHowTheyAreListed()
    {
        Write(
            "tests/no_rows.sql",
            "{{ config tags: [\"checks\"] }} select * from {{ ref \"orders\" }} where id < 0"
        );

        var listed = await RunAsync("ls -s tag:checks");

        listed.Out.ShouldBeEmpty();
        listed.Error.ShouldContain("the selection 'tag:checks' matches nothing but test");
        listed.Error.ShouldContain("--resource-type test");
        (await RunAsync("ls -s tag:checks --resource-type test")).Out.ShouldBe("no_rows\n");
    }

    [Fact]
    public async Task Ls_DamagedCache_IsCompiledAnew()
    {
        var first = await RunAsync("ls");
        var bytes = await File.ReadAllBytesAsync(Kept);
        foreach (var length in new[] { 0, 3, 40, bytes.Length - 5 })
        {
            await File.WriteAllBytesAsync(Kept, bytes[..length]);
            (await RunAsync("ls")).ShouldBe(first);
        }
    }

    [Fact]
    public async Task Ls_JustWritten_IsNotKept()
    {
        File.SetLastWriteTimeUtc(
            Path.Combine(_folder.Path, "models/silver/orders.sql"),
            DateTime.UtcNow.AddSeconds(5)
        );

        await RunAsync("ls");

        File.Exists(Kept).ShouldBeFalse();
    }

    [Fact]
    public async Task Ls_JustRemoved_IsNotKept()
    {
        Write("models/silver/returns.sql", "select 2 as id");
        File.Delete(Path.Combine(_folder.Path, "models/silver/returns.sql"));

        await RunAsync("ls");

        File.Exists(Kept).ShouldBeFalse("the file may have gone while the project was compiled");
    }

    [Fact]
    public async Task Ls_SecretInATag_IsMaskedAndNotKept()
    {
        Write(
            "profiles.yml",
            """
            default: dev
            targets:
              dev:
                duckdb: { type: duckdb, path: shop.duckdb }
                postgres: { type: postgres, host: h, user: u, database: d, password: '{{ env_var "SHOP_SECRET" }}' }
            """
        );
        Write(
            "models/silver/orders.sql",
            "{{ config tags: [\"of \" + env_var(\"SHOP_SECRET\")] }} select 1 as id"
        );

        for (var time = 0; time < 2; time++)
        {
            var listed = await RunAsync("ls -o json", ("SHOP_SECRET", "hunter2"));
            listed.ExitCode.ShouldBe(0, listed.Error);
            listed.Out.ShouldContain("of ***");
            listed.Out.ShouldNotContain("hunter2");
        }
        File.Exists(Kept).ShouldBeFalse();
    }

    public void Dispose() => _folder.Dispose();

    private void Write(string name, string text)
    {
        _folder.Write(name, text);
        Age(name);
    }

    // what was written just now is not believed, nor what a folder held just now
    private void Age(string name)
    {
        for (var path = name; path is { Length: > 0 }; path = Path.GetDirectoryName(path))
            File.SetLastWriteTimeUtc(Path.Combine(_folder.Path, path), DateTime.UtcNow.AddMinutes(-1));
    }

    private async Task<(int ExitCode, string Out, string Error)> RunAsync(
        string args,
        params (string Name, string Value)[] environment
    )
    {
        var host = new CliTestHost(_folder.Path);
        foreach (var (name, value) in environment)
            host.Environment[name] = value;
        var exitCode = await host.RunAsync(args.Split(args.Contains('|') ? '|' : ' '));
        return (exitCode, host.Out, host.Error);
    }
}
