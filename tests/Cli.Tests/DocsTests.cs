using System.Net;
using System.Text.RegularExpressions;

namespace Strata.Cli.Tests;

/// <summary>The page that describes a project whose texts do their best to break out of it.</summary>
public sealed partial class DocsTests : IDisposable
{
    private const string Hostile = "</td><script>alert('x')</script>&\"";

    private readonly TemporaryFolder _folder = new();
    private readonly CliTestHost _host;

    public DocsTests()
    {
        _folder.Write(
            "strata.yml",
            """
            name: shop
            layers:
              silver: { engine: duckdb, schema: silver, materialized: table }
              alpha: { engine: postgres, schema: alpha, materialized: table }
            """
        );
        _folder.Write(
            "profiles.yml",
            """
            default: local
            targets:
              local:
                duckdb: { type: duckdb, path: shop.duckdb }
                postgres:
                  type: postgres
                  host: warehouse.internal
                  user: analyst
                  password: "{{ env_var 'PG_WORD' }}"
                  database: shop
            """
        );
        _folder.Write(
            "models/silver/orders.sql",
            $$$"""
            {{ config(materialized: "incremental", unique_key: "id") }}
            select id, amount * 2 as doubled, '{{{Hostile.Replace(
                "'",
                "''"
            )}}}' as note from {{ source "shop" "raw" }}
            """
        );
        _folder.Write(
            "models/silver/keyed.sql",
            "select '{{ env_var \"API_KEY\" }}' as k, '{{ env_var \"REGION\" }}' as r"
        );
        _folder.Write("models/silver/customers.sql", "select id from {{ ref \"orders\" }}");
        _folder.Write("models/alpha/report.sql", "select id, {{ twice 1 }} as n from {{ ref \"orders\" }}");
        _folder.Write("macros/twice.sql", "{{ func twice(n) }}{{ n * 2 }}{{ end }}");
        _folder.Write("tests/no_bad.sql", "select * from {{ ref \"orders\" }} where id < 0");
        _folder.Write(
            "models/silver/silver.yml",
            $$"""
            sources:
              - name: shop
                engine: duckdb
                schema: raw
                tables:
                  - name: raw
                    columns:
                      - { name: id, data_type: bigint }
                      - { name: amount, data_type: "decimal(9,2)" }
            models:
              - name: orders
                description: |
                  first line {{Hostile}}
                  second line region-of-abc
                config: { tags: [nightly], meta: { owner: sales, word: api-key-of-abc } }
                columns:
                  - name: id
                    description: the id
                    tags: [pii]
                    tests: [not_null, unique: { config: { severity: warn } }]
              - name: report
                columns:
                  - { name: id, data_type: bigint }
            exposures:
              - name: board
                type: dashboard
                url: "javascript:alert(1)"
                owner: { name: Ann }
                depends_on: [ref('report')]
            """
        );
        _host = new CliTestHost(_folder.Path)
        {
            Environment =
            {
                ["PG_WORD"] = "word-of-postgres",
                ["API_KEY"] = "api-key-of-abc",
                ["REGION"] = "region-of-abc",
            },
        };
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Docs_EveryNode_HasItsSectionAndEveryLinkItsPlace()
    {
        var page = await WriteAsync();

        var ids = Id().Matches(page).Select(match => WebUtility.HtmlDecode(match.Groups[1].Value)).ToList();
        ids.ShouldBeUnique();
        foreach (
            var id in new[]
            {
                "source.shop.shop.raw",
                "model.shop.orders",
                "model.shop.customers",
                "model.shop.report",
                "exposure.shop.board",
                "macro.shop.twice",
            }
        )
            ids.ShouldContain(id);
        var links = Link()
            .Matches(page)
            .Select(match => Uri.UnescapeDataString(WebUtility.HtmlDecode(match.Groups[1].Value)))
            .ToList();
        links.ShouldNotBeEmpty();
        links.Except(ids).ShouldBeEmpty();
        // layers in the order of the data, whatever they are called
        var tree = page[..page.IndexOf("</nav>", StringComparison.Ordinal)];
        tree.IndexOf("data-group=\"sources\"", StringComparison.Ordinal)
            .ShouldBeLessThan(tree.IndexOf("data-group=\"silver\"", StringComparison.Ordinal));
        tree.IndexOf("data-group=\"silver\"", StringComparison.Ordinal)
            .ShouldBeLessThan(tree.IndexOf("data-group=\"alpha\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Docs_Columns_HaveTheTypesOfTheirQueries_ElseThoseThatAreDeclared()
    {
        var page = await WriteAsync();

        var orders = SectionOf(page, "model.shop.orders");
        orders.ShouldContain("<td><code class=\"column\">doubled</code></td><td><code>DECIMAL(");
        orders.ShouldContain(">pii</span>");
        orders.ShouldContain("warn</span>");
        orders.ShouldContain("no_bad");
        orders.ShouldContain("<dt>unique_key</dt><dd>id</dd>");
        orders.ShouldContain("<dt>meta: owner</dt><dd>sales</dd>");
        orders.ShouldContain("href=\"#source.shop.shop.raw\"");
        orders.ShouldNotContain("not checked");
        // no server is there to ask
        var report = SectionOf(page, "model.shop.report");
        report.ShouldContain("<td><code class=\"column\">id</code></td><td><code>bigint</code></td>");
        report.ShouldContain("not checked");
    }

    [Fact]
    public async Task Docs_HostileTexts_AreTexts()
    {
        var page = await WriteAsync();

        page.Split("<script").Length.ShouldBe(2);
        page.ShouldContain(WebUtility.HtmlEncode(Hostile));
        page.ShouldNotContain("href=\"javascript:");
        foreach (var loads in new[] { " src=", "url(", "@import", "<link", "fetch(" })
            page.ShouldNotContain(loads);
    }

    [Fact]
    public async Task Docs_ValuesOfTheEnvironment_AreMasked()
    {
        var page = await WriteAsync();

        page.ShouldNotContain("word-of-postgres");
        page.ShouldNotContain("warehouse.internal");
        page.ShouldNotContain("api-key-of-abc");
        // a value that is no secret is also a word
        SectionOf(page, "model.shop.keyed").ShouldNotContain("region-of-abc");
        SectionOf(page, "model.shop.orders").ShouldContain("second line region-of-abc");
    }

    [Fact]
    public async Task Docs_HugeSql_IsCutAndSaysSo()
    {
        _folder.Write("models/silver/huge.sql", $"select '{new string('x', 250_000)}' as x");

        var huge = SectionOf(await WriteAsync(), "model.shop.huge");

        huge.Length.ShouldBeLessThan(410_000);
        huge.ShouldContain("of which the first 200,000 are shown");
    }

    [Fact]
    public async Task Docs_ProjectWithErrors_LeavesThePageThatIsThere()
    {
        _folder.Write("models/silver/wrong.sql", "select * from {{ ref \"nobody\" }}");
        _folder.Write("target/docs.html", "of yesterday");

        (await _host.RunAsync("docs")).ShouldBe(ExitCode.ProjectFailed);

        _host.Error.ShouldContain("ST3001");
        File.ReadAllText(Path.Combine(_folder.Path, "target/docs.html")).ShouldBe("of yesterday");
    }

    [Fact]
    public async Task Docs_PlaceThatCannotBeWritten_IsSaid()
    {
        _folder.Write("taken/here/a.txt", "");

        (await _host.RunAsync("docs", "--output", "taken/here")).ShouldBe(ExitCode.CouldNotRun);

        _host.Error.ShouldContain("taken/here");
        _host.Error.ShouldContain("'--output'");
        Directory.GetFileSystemEntries(Path.Combine(_folder.Path, "taken")).Length.ShouldBe(1);
    }

    [Fact]
    public async Task Docs_EmptyProject_HasAPage()
    {
        using var empty = new TemporaryFolder();
        empty.Write("strata.yml", "name: nothing\nlayers:\n  silver: { engine: duckdb, schema: silver }\n");
        empty.Write(
            "profiles.yml",
            "default: local\ntargets:\n  local:\n    duckdb: { type: duckdb, path: x.duckdb }\n"
        );
        var host = new CliTestHost(empty.Path);

        (await host.RunAsync("docs")).ShouldBe(ExitCode.Ok, host.Error);

        var page = await File.ReadAllTextAsync(Path.Combine(empty.Path, "target/docs.html"));
        page.ShouldContain("no models");
        page.ShouldNotContain("id=\"macro.");
        File.Exists(Path.Combine(empty.Path, "x.duckdb")).ShouldBeFalse();
    }

    private async Task<string> WriteAsync()
    {
        (await _host.RunAsync("docs", "-o", "public/index.html")).ShouldBe(ExitCode.Ok, _host.Error);
        File.Exists(Path.Combine(_folder.Path, "shop.duckdb")).ShouldBeFalse();
        return await File.ReadAllTextAsync(Path.Combine(_folder.Path, "public/index.html"));
    }

    private static string SectionOf(string page, string id)
    {
        var start = page.IndexOf($"id=\"{id}\"", StringComparison.Ordinal);
        return page[start..page.IndexOf("</section>", start, StringComparison.Ordinal)];
    }

    [GeneratedRegex(" id=\"([^\"]*)\"")]
    private static partial Regex Id();

    [GeneratedRegex("href=\"#([^\"]*)\"")]
    private static partial Regex Link();
}
