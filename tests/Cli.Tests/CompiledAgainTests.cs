using System.Text.RegularExpressions;
using Strata.Cli.Compiled;
using Strata.Cli.Output;
using Strata.Cli.Session;

namespace Strata.Cli.Tests;

/// <summary><c>strata compile</c> a second time: what is there is left alone only where a first time would write and say the same.</summary>
public sealed partial class CompiledAgainTests : IDisposable
{
    private const string Orders = "models/silver/orders.sql";
    private const string Manifest = "target/manifest.json";
    private const string Record = "target/cache/compiled.bin";
    private const string CompiledOrders = "target/compiled/shop/" + Orders;

    private readonly TemporaryFolder _folder = new();

    public CompiledAgainTests()
    {
        Write("strata.yml", "name: shop\nlayers:\n  silver: { engine: duckdb, schema: silver }\n");
        Write(
            "profiles.yml",
            """
            default: dev
            targets:
              dev:
                duckdb: { type: duckdb, path: shop.duckdb }
              test:
                duckdb: { type: duckdb, path: test.duckdb }
            """
        );
        Write(Orders, "select {{ number }} as id, '{{ env_var \"SHOP\" \"here\" }}' as shop");
        Write("models/silver/totals.sql", "select count(*) as orders from {{ ref \"orders\" }}");
        Write(
            "models/silver/silver.yml",
            "models:\n  - name: orders\n    columns:\n      - { name: id, tests: [not_null] }\n"
        );
        Write("macros/number.sql", "{{ func number }}{{ var \"number\" 1 }}{{ end }}");
    }

    [Fact]
    public async Task Compile_NothingChanged_SaysTheSameAndWritesNothing()
    {
        var first = await RunAsync("compile");
        var before = Stamps();

        var again = await RunAsync("compile");

        again.ShouldBe(first);
        first.Error.ShouldContain("compiled 2 models and 1 test into target (then)");
        Stamps().ShouldBe(before);
        before.ShouldContainKey(Record);
    }

    [Fact]
    public async Task Compile_SameProjectTouched_WritesNothing()
    {
        await RunAsync("compile");
        Age(Orders, minutes: 30);

        (await WritesAsync("compile")).ShouldBeFalse();
    }

    [Theory]
    [InlineData(Orders, "select 7 as id")]
    [InlineData("models/silver/returns.sql", "select 7 as id")]
    [InlineData("models/silver/more.yml", "models:\n  - name: totals\n    description: seven\n")]
    [InlineData("macros/number.sql", "{{ func number }}7{{ end }}")]
    [InlineData("tests/none.sql", "select * from {{ ref \"orders\" }} where id = 7")]
    [InlineData("seeds/towns.csv", "id,name\n7,Oslo\n")]
    [InlineData("strata.yml", "name: shop\nlayers:\n  silver: { engine: duckdb, schema: seven }\n")]
    [InlineData(
        "profiles.yml",
        "default: dev\ntargets:\n  dev:\n    duckdb: { type: duckdb, path: seven.duckdb }\n"
    )]
    public async Task Compile_FileChangedOrAdded_IsCompiledAnew(string file, string text)
    {
        await RunAsync("compile");
        Write(file, text);

        (await WritesAsync("compile")).ShouldBeTrue();
        (await WritesAsync("compile")).ShouldBeFalse();
    }

    [Fact]
    public async Task Compile_FileRemoved_IsCompiledAnew()
    {
        await RunAsync("compile");
        File.Delete(_folder.Combine("models/silver/totals.sql"));
        Age("models/silver");

        (await WritesAsync("compile")).ShouldBeTrue();
        _folder.Read(Manifest).ShouldNotContain("totals");
    }

    [Fact]
    public async Task Compile_OtherVarsTargetOrEnvironment_IsCompiledAnewEachTime()
    {
        await RunAsync("compile");

        foreach (var args in new[] { "compile|--vars|{number: 5}", "compile|--target|test", "compile" })
        {
            (await WritesAsync(args)).ShouldBeTrue(args);
            (await WritesAsync(args)).ShouldBeFalse(args);
            _folder.Read(CompiledOrders).ShouldStartWith(args.Contains("number") ? "select 5" : "select 1");
        }
        (await WritesAsync("compile", ("SHOP", "there"))).ShouldBeTrue();
        _folder.Read(CompiledOrders).ShouldContain("'there'");
        (await WritesAsync("compile", ("SHOP", "there"), ("OTHER", "x"))).ShouldBeFalse();
        Write(".env", "SHOP=far\n");
        (await WritesAsync("compile")).ShouldBeTrue();
        _folder.Read(CompiledOrders).ShouldContain("'far'");
        (await WritesAsync("compile", ("STRATA_TARGET", "test"))).ShouldBeTrue();
    }

    [Theory]
    [InlineData(CompiledOrders)]
    [InlineData("target/compiled/shop/models/silver/totals.sql")]
    [InlineData(Manifest)]
    public async Task Compile_OutputEditedOrGone_IsWrittenAgain(string output)
    {
        await RunAsync("compile");
        var text = _folder.Read(output);

        _folder.Write(output, new string('x', text.Length));
        await RunAsync("compile");
        Timeless(_folder.Read(output)).ShouldBe(Timeless(text));

        File.Delete(_folder.Combine(output));
        await RunAsync("compile");
        Timeless(_folder.Read(output)).ShouldBe(Timeless(text));
    }

    [Fact]
    public async Task Compile_OtherTargetPath_IsWrittenThere()
    {
        await RunAsync("compile");
        await RunAsync("compile|--vars|{number: 5}|--target-path|other");

        _folder.Read("other/compiled/shop/" + Orders).ShouldStartWith("select 5");
        (await WritesAsync("compile")).ShouldBeFalse();
        (await RunAsync("compile|--target-path|other")).Error.ShouldContain("into other (then)");
        _folder.Read("other/compiled/shop/" + Orders).ShouldStartWith("select 1");
    }

    [Fact]
    public async Task Compile_SqlIsAskedFor_PrintsItEachTime()
    {
        await RunAsync("compile");
        foreach (
            var args in new[]
            {
                "compile|-s|orders",
                "compile|--inline|select 3 as orders from here",
                "compile|--exclude|totals",
            }
        )
        {
            var first = await RunAsync(args);
            var again = await RunAsync(args);

            again.ShouldBe(first);
            (first.Out.Length > 0).ShouldBe(!args.Contains("exclude"), args);
        }
        (await RunAsync("compile|--state|nowhere")).ShouldBe(await FreshAsync("compile|--state|nowhere"));
        (await RunAsync("compile|--exclude|nobody")).ShouldBe(await FreshAsync("compile|--exclude|nobody"));
    }

    [Fact]
    public async Task Compile_SelectorsFile_IsLookedAtEachTime()
    {
        await RunAsync("compile");
        Write("selectors.yml", "selectors:\n  - { name: few, definition: orders, default: true }\n");

        for (var time = 0; time < 2; time++)
            (await RunAsync("compile")).Error.ShouldContain("selected by 'few'");
        Write("selectors.yml", "selectors: 5\n");
        (await RunAsync("compile")).ExitCode.ShouldBe(1);
    }

    [Theory]
    [InlineData(Orders, "select '{{ run_started_at }}' as at")]
    [InlineData(Orders, "select '{{ date.now }}' as at")]
    [InlineData(Orders, "select '{{ date.utc_now.year }}' as at")]
    [InlineData(Orders, "select '{{ math.uuid }}' as at")]
    [InlineData(Orders, "select {{ math.random 0 1000 }} as at")]
    [InlineData("macros/number.sql", "{{ func number }}{{ date.now.second }}{{ end }}")]
    [InlineData(
        "profiles.yml",
        "default: dev\ntargets:\n  dev:\n    duckdb: { type: duckdb, path: 'of_{{ math.random 0 10000 }}.duckdb' }\n"
    )]
    [InlineData("tests/none.sql", "select * from {{ ref \"orders\" }} where id = {{ date.now.year }}")]
    public async Task Compile_TemplateReadsTheClockOrChance_IsCompiledEachTime(string file, string text)
    {
        Write(file, text);
        var first = await RunAsync("compile");
        first.ExitCode.ShouldBe(0, first.Error);

        (await WritesAsync("compile")).ShouldBeTrue();
        File.Exists(_folder.Combine(Record)).ShouldBeFalse();
    }

    [Fact]
    public async Task Compile_ModelAsksItsDatabase_IsCompiledEachTime()
    {
        Write(
            Orders,
            "select 1 as id {{ for row in run_query \"select 1 as a\" }}, {{ row.a }} as a{{ end }}"
        );
        for (var time = 0; time < 2; time++)
            (await RunAsync("compile")).Error.ShouldContain("'orders' queries its database");
        File.Exists(_folder.Combine(Record)).ShouldBeFalse();
    }

    [Fact]
    public async Task Compile_IncludedFileChanged_IsCompiledAnew()
    {
        Write("parts/columns.sql", "1 as id");
        Write(Orders, "select {{ include \"parts/columns.sql\" }}");
        await RunAsync("compile");
        (await WritesAsync("compile")).ShouldBeFalse();
        Write("parts/columns.sql", "2 as id");

        (await WritesAsync("compile")).ShouldBeTrue();
        _folder.Read(CompiledOrders).ShouldStartWith("select 2");
    }

    [Fact]
    public async Task Compile_IncludedFileIsMissing_IsCompiledEachTime()
    {
        Write(
            "models/silver/off.sql",
            "{{ config enabled: false }} select 1 as id {{ include \"parts/switch.sql\" }}"
        );
        var first = await RunAsync("compile");
        first.ExitCode.ShouldBe(0, first.Error);
        File.Exists(_folder.Combine(Record)).ShouldBeFalse("nobody looks whether the file is there by now");
        Write("parts/switch.sql", "{{ config enabled: true }}");

        (await RunAsync("compile")).Error.ShouldContain("compiled 3 models");
    }

    [Fact]
    public async Task Compile_Warnings_AreSaidAgainAsTheyWere()
    {
        var first = await RunAsync("compile|--vars|{unread: 1}");
        (await WritesAsync("compile|--vars|{unread: 1}")).ShouldBeFalse();

        first.Error.ShouldContain("unread");
        (await RunAsync("compile|--vars|{unread: 1}")).ShouldBe(first);
        (await RunAsync("compile|--quiet|--vars|{unread: 1}")).Error.ShouldBeEmpty();

        var coloured = new CliTestHost(_folder.Path) { ErrorColour = true };
        await coloured.RunAsync("compile", "--vars", "{unread: 1}");
        var fresh = new CliTestHost(_folder.Path) { ErrorColour = true };
        File.Delete(_folder.Combine(Record));
        await fresh.RunAsync("compile", "--vars", "{unread: 1}");
        Timeless(coloured.Error).ShouldBe(Timeless(fresh.Error));
        coloured.Error.ShouldContain("\e[33m");
    }

    [Theory]
    [InlineData("compile|--vars|{hunter2: 1}", "variable '***'")]
    [InlineData("compile|--target-path|hunter2", "into *** (then)")]
    public async Task Compile_SecretInWhatIsSaid_IsMaskedEachTime(string args, string said)
    {
        Write(
            "profiles.yml",
            """
            default: dev
            targets:
              dev:
                duckdb: { type: duckdb, path: shop.duckdb }
                postgres: { type: postgres, host: h, user: u, database: d, password: hunter2 }
            """
        );
        for (var time = 0; time < 2; time++)
        {
            var error = (await RunAsync(args)).Error;
            error.ShouldNotContain("hunter2");
            error.ShouldContain(said);
        }
        foreach (
            var file in Directory.EnumerateFiles(_folder.Path, "compiled.bin", SearchOption.AllDirectories)
        )
            (await File.ReadAllTextAsync(file)).ShouldNotContain("hunter2");
    }

    [Fact]
    public async Task Compile_WritingIsInterrupted_RemembersNothing()
    {
        await RunAsync("compile");
        var manifest = _folder.Read(Manifest);
        File.Delete(_folder.Combine(Manifest));
        Directory.CreateDirectory(_folder.Combine(Manifest, "in the way"));
        var text = _folder.Read(Orders);
        Write(Orders, "select 8 as id");

        (await RunAsync("compile")).ExitCode.ShouldBe(2);

        File.Exists(_folder.Combine(Record)).ShouldBeFalse();
        Directory.Delete(_folder.Combine(Manifest), recursive: true);
        Write(Orders, text);
        await RunAsync("compile");
        _folder.Read(CompiledOrders).ShouldStartWith("select 1");
        Timeless(_folder.Read(Manifest)).ShouldBe(Timeless(manifest));
    }

    [Fact]
    public async Task Compile_DamagedRecord_IsCompiledAnew()
    {
        await RunAsync("compile");
        var bytes = await File.ReadAllBytesAsync(_folder.Combine(Record));
        foreach (var length in new[] { 0, 3, 60, bytes.Length - 5 })
        {
            await File.WriteAllBytesAsync(_folder.Combine(Record), bytes[..length]);
            (await WritesAsync("compile")).ShouldBeTrue();
        }
    }

    [Fact]
    public async Task Compile_JustWritten_IsNotRemembered()
    {
        Age(Orders, minutes: -1);
        await RunAsync("compile");

        File.Exists(_folder.Combine(Record)).ShouldBeFalse("it may have been written while it was compiled");
    }

    [Fact]
    public void Written_OtherProcessWritesAfterwards_StillHasOurStamp()
    {
        var artifacts = new ArtifactFolder(_folder.Path, new Redactor());
        artifacts.WriteSql("compiled/a.sql", "select 1");
        artifacts.WriteJson("manifest.json", "{}");
        foreach (var (file, stamp) in artifacts.Written)
            stamp.ShouldBe(FileStamp.Of(_folder.Combine(file)));
        artifacts.Written.Select(file => file.Key).ShouldBe(["compiled/a.sql", "manifest.json"]);
        File.SetLastWriteTimeUtc(_folder.Combine("compiled/a.sql"), DateTime.UtcNow.AddSeconds(1));

        var record = CompiledRecord.Of(1, 0, [], artifacts.Written);

        record.HoldsIn(_folder.Path).ShouldBeFalse();
        var again = new ArtifactFolder(_folder.Path, new Redactor());
        again.WriteSql("compiled/a.sql", "select 1");
        CompiledRecord.Of(1, 0, [], again.Written).HoldsIn(_folder.Path).ShouldBeTrue("it was there already");
    }

    public void Dispose() => _folder.Dispose();

    private void Write(string name, string text)
    {
        _folder.Write(name, text);
        Age(name);
    }

    // what was written just now is not believed, nor what a folder held just now
    private void Age(string name, int minutes = 1)
    {
        for (var path = name; path is { Length: > 0 }; path = Path.GetDirectoryName(path))
            File.SetLastWriteTimeUtc(_folder.Combine(path), DateTime.UtcNow.AddMinutes(-minutes));
    }

    private Dictionary<string, FileStamp> Stamps() =>
        Directory
            .EnumerateFiles(_folder.Combine("target"), "*", SearchOption.AllDirectories)
            .ToDictionary(file => Path.GetRelativePath(_folder.Path, file), FileStamp.Of);

    /// <summary>Whether the manifest, which says when it was made, is another one afterwards.</summary>
    private async Task<bool> WritesAsync(string args, params (string Name, string Value)[] environment)
    {
        var before = File.Exists(_folder.Combine(Manifest)) ? _folder.Read(Manifest) : "";
        var result = await RunAsync(args, environment);
        result.ExitCode.ShouldBe(0, result.Error);
        return _folder.Read(Manifest) != before;
    }

    private async Task<(int ExitCode, string Out, string Error)> FreshAsync(string args)
    {
        File.Delete(_folder.Combine(Record));
        return await RunAsync(args);
    }

    private async Task<(int ExitCode, string Out, string Error)> RunAsync(
        string args,
        params (string Name, string Value)[] environment
    )
    {
        var host = new CliTestHost(_folder.Path);
        foreach (var (name, value) in environment)
            host.Environment[name] = value;
        var exitCode = await host.RunAsync(args.Split('|'));
        return (exitCode, host.Out, Timeless(host.Error));
    }

    private static string Timeless(string text) => Moments().Replace(text, "(then)");

    [GeneratedRegex(
        """in [0-9.]+ ?(ms|s)\b|"(generated_at|invocation_id)": ?"[^"]*"|"created_at": ?[0-9.]+"""
    )]
    private static partial Regex Moments();
}
