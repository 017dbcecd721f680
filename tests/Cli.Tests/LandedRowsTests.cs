namespace Strata.Cli.Tests;

/// <summary>What landed files lost, shown where there is no terminal.</summary>
public sealed class LandedRowsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task QuarantineShow_LongLineInAPipe_IsCut_AndWholeForPrograms()
    {
        var line = "two," + new string('x', 1500);
        _folder.Write("strata.yml", "name: shop\nlayers:\n  bronze: { engine: duckdb, schema: bronze }\n");
        _folder.Write(
            "profiles.yml",
            "default: dev\ntargets:\n  dev:\n    duckdb: { type: duckdb, path: shop.duckdb }\n"
        );
        _folder.Write(
            "models/bronze/sources.yml",
            """
            sources:
              - name: hr
                tables:
                  - name: raw
                    files: { path: "in/*.csv", format: csv }
                    columns: [{ name: id, data_type: integer }, { name: name, data_type: varchar }]
            """
        );
        _folder.Write(
            "models/bronze/people.sql",
            "{{ config materialized: \"incremental\" }}\nselect id, name from {{ source \"hr\" \"raw\" }}"
        );
        _folder.Write("in/a.csv", $"id,name\n1,Ann\n{line}\n");
        var host = new CliTestHost(_folder.Path) { Width = null };
        (await host.RunAsync("build")).ShouldBe(0);

        await host.RunAsync("quarantine", "show", "people", "--landed");

        host.Out.Split('\n').ShouldAllBe(shown => shown.Length < 250);
        host.Out.ShouldContain("two,xxx");
        host.Out.ShouldContain("…");
        await host.RunAsync("quarantine", "show", "people", "--landed", "--output", "csv");
        host.Out.ShouldContain(line);
    }
}
