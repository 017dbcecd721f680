using Strata.Compiler.Graph.Comparing;
using Strata.Compiler.Manifest.Json;
using Strata.Compiler.Tests.Project;

namespace Strata.Compiler.Tests.Graph;

/// <summary>What counts as a change between two manifests of a project.</summary>
public sealed class ProjectComparisonTests
{
    private const string Sources = """
        sources:
          - name: landing
            tables:
              - name: orders_file
                files:
                  path: '{{ var "zone" "landing" }}/*.csv'
                  format: csv
                  columns: [{ name: id, data_type: integer }]
        """;

    private const string Properties = """
        models:
          - name: orders
            description: All orders.
            columns: [{ name: id, data_type: bigint, tests: [not_null, { accepted_values: { values: [1, 2] } }] }]
        unit_tests:
          - name: halves
            model: orders
            given: [{ input: ref('raw_orders'), rows: [{ id: 1 }] }]
            expect: { rows: [{ id: 1 }] }
        exposures:
          - { name: board, type: dashboard, owner: { name: Ada }, depends_on: [ref('orders')] }
        """;

    private static readonly (string Path, string Text)[] s_files =
    [
        ("models/sources.yml", Sources),
        ("models/gold/gold.yml", Properties),
        (
            "models/bronze/raw_orders.sql",
            """select id, {{ half "id" }} as half from {{ source "landing" "orders_file" }}"""
        ),
        (
            "models/gold/orders.sql",
            """{{ config materialized: "table" tags: ["daily"] }} select id from {{ ref "raw_orders" }}"""
        ),
        ("models/gold/kinds_used.sql", """select * from {{ ref "kinds" }} {{ include "parts/where.sql" }}"""),
        ("parts/where.sql", "where id > 0"),
        ("seeds/bronze/kinds.yml", "seeds: [{ name: kinds, columns: [{ name: id, data_type: integer }] }]"),
        ("seeds/bronze/kinds.csv", "id,name\n1,a\n"),
        (
            "macros/half.sql",
            "{{ func half(x) }}{{ divide x 2 }}{{ end }}\n{{ func divide(x, n) }}({{ x }} / {{ n }}){{ end }}"
        ),
        ("tests/no_bad.sql", """select * from {{ ref "orders" }} where {{ half "id" }} < 0"""),
    ];

    [Theory]
    [InlineData("", "", "")]
    [InlineData(
        "models/gold/orders.sql",
        "select id from",
        "select id + 1 as id from",
        "modified.body: orders"
    )]
    [InlineData(
        "models/gold/orders.sql",
        "\"table\"",
        "\"view\"",
        "modified.configs: orders",
        "modified.body: orders"
    )]
    [InlineData("models/gold/orders.sql", " tags: [\"daily\"]", "", "modified.body: orders")]
    // a macro, through another one
    [InlineData(
        "macros/half.sql",
        "{{ x }} / {{ n }}",
        "{{ x }} * 1.0 / {{ n }}",
        "modified.macros: no_bad raw_orders"
    )]
    [InlineData("seeds/bronze/kinds.csv", "1,a", "1,b", "modified.body: kinds")]
    [InlineData(
        "models/sources.yml",
        "format: csv",
        "format: csv\n          delimiter: ';'",
        "modified: orders_file"
    )]
    [InlineData("models/sources.yml", "data_type: integer", "data_type: bigint", "modified: orders_file")]
    [InlineData("tests/no_bad.sql", "< 0", "< -1", "modified.body: no_bad")]
    [InlineData("models/gold/gold.yml", "rows: [{ id: 1 }] }]", "rows: [{ id: 2 }] }]", "modified: halves")]
    [InlineData("models/gold/gold.yml", "name: Ada", "name: Eva", "modified: board")]
    [InlineData("models/gold/gold.yml", "All orders.", "Every order.", "")]
    [InlineData("models/gold/gold.yml", "[ref('orders')]", "[ref('raw_orders')]", "modified: board")]
    [InlineData(
        "models/gold/gold.yml",
        "data_type: bigint,",
        "data_type: bigint, volatile: true,",
        "modified: orders"
    )]
    [InlineData("models/gold/gold.yml", "given: [{ input:", "given:  [{  input:", "")]
    [InlineData("models/sources.yml", "format: csv", "format:   csv", "")]
    [InlineData("parts/where.sql", "> 0", "> 1", "modified.body: kinds_used")]
    [InlineData("seeds/bronze/kinds.yml", "integer", "bigint", "modified: kinds")]
    [InlineData(
        "models/gold/gold.yml",
        "values: [1, 2]",
        "values: [1, 2]\n          , config: { severity: warn }",
        "modified.configs: accepted_values_orders_id__1__2"
    )]
    public void Compare_OneChange_IsFoundWhereItIs(
        string path,
        string text,
        string other,
        params string[] expected
    )
    {
        using var before = new TestProject(s_files);
        using var now = new TestProject([
            .. s_files.Select(file =>
                file.Path == path
                    ? (file.Path, file.Text.Replace(text, other, StringComparison.Ordinal))
                    : file
            ),
        ]);
        if (path.Length > 0)
            s_files.Single(file => file.Path == path).Text.ShouldContain(text);

        var comparison = Compare(before, now);
        var manifest = now.Manifest();

        foreach (var line in expected.Where(line => line.Length > 0))
        {
            var (value, names) = (line.Split(": ")[0], line.Split(": ")[1]);
            Found(value).ShouldBe(names);
        }
        // and nothing else
        var all = expected.Where(line => line.Length > 0).SelectMany(line => line.Split(": ")[1].Split(' '));
        Found("modified").ShouldBe(string.Join(' ', all.Distinct().Order(StringComparer.Ordinal)));
        Found("new").ShouldBe("");
        manifest.Nodes.Keys.ShouldAllBe(id =>
            comparison.Is(id, "modified") != comparison.Is(id, "unmodified")
        );

        string Found(string value) =>
            string.Join(
                ' ',
                manifest
                    .Nodes.Values.Where(node => comparison.Is(node.UniqueId, value))
                    .Select(node => node.Name)
                    .Order(StringComparer.Ordinal)
            );
    }

    [Fact]
    public void Compare_OtherLineEnds_ChangeNothing()
    {
        using var before = new TestProject(s_files);
        using var now = new TestProject([
            .. s_files.Select(file => (file.Path, file.Text.ReplaceLineEndings("\r\n"))),
        ]);

        var comparison = Compare(before, now);

        now.Manifest().Nodes.Keys.ShouldAllBe(id => comparison.Is(id, "unmodified"));
    }

    [Fact]
    public void Compare_OtherTargetAndOtherVariables_ChangeNothing()
    {
        using var before = new TestProject(s_files);
        using var now = new TestProject(s_files)
        {
            Target = "local",
            Vars = System.Collections.Immutable.ImmutableSortedDictionary.CreateRange([
                KeyValuePair.Create("zone", (object?)"elsewhere"),
            ]),
        };

        var comparison = Compare(before, now);

        now.Manifest().Nodes.Keys.ShouldAllBe(id => comparison.Is(id, "unmodified"));
    }

    [Fact]
    public void Compare_SchemaOfALayer_ChangesItsModelsOnTheSameTarget()
    {
        using var before = new TestProject(s_files);
        using var now = new TestProject([
            .. s_files,
            (
                "strata.yml",
                TestProject.StrataYml.Replace("schema: gold", "schema: marts", StringComparison.Ordinal)
            ),
        ]);

        var comparison = Compare(before, now);

        now.Manifest()
            .Nodes.Values.Where(node => comparison.Is(node.UniqueId, "modified.relation"))
            .Select(node => node.Name)
            .ShouldBe(["kinds_used", "orders"], ignoreOrder: true);
    }

    [Fact]
    public void Compare_NewAndGone_AreTold()
    {
        using var before = new TestProject(s_files);
        using var now = new TestProject([
            .. s_files.Where(file => file.Path != "tests/no_bad.sql"),
            ("models/gold/more.sql", """select * from {{ ref "orders" }}"""),
        ]);

        var comparison = Compare(before, now);

        comparison.Is("model.shop.more", "new").ShouldBeTrue();
        comparison.Is("model.shop.more", "modified").ShouldBeTrue();
        comparison.Is("model.shop.more", "old").ShouldBeFalse();
        comparison.Is("model.shop.orders", "old").ShouldBeTrue();
        comparison.Is("model.shop.orders", "modified").ShouldBeFalse();
        comparison.Is("test.shop.no_bad", "old").ShouldBeFalse();
    }

    private static ProjectComparison Compare(TestProject before, TestProject now) =>
        new(ManifestReader.Of(before.Manifest()), ManifestReader.Of(now.Manifest()));
}
