using System.Collections.Immutable;
using Strata.Compiler.Manifest.Building.Fingerprints;
using Strata.Compiler.Sql;
using Strata.Compiler.Tests.Project;

namespace Strata.Compiler.Tests.Manifest;

/// <summary>A fingerprint changes with what the relation holds, and with nothing else.</summary>
public sealed class FingerprintTests
{
    private const string Template =
        "{{ config materialized: \"table\" }}select {{ one }} as id, '{{ run_started_at }}' as at from {{ ref \"stg\" }}";

    [Fact]
    public void Fingerprint_AndTheFormerOne_DifferInTheirOwnPartsOnly()
    {
        using var both = new Fingerprint();
        using var now = new Fingerprint();
        using var former = new Fingerprint();

        both.Add("before", "a").AddRelation("local", new RelationName("main", "orders")).Add("after", "b");
        now.Add("before", "a").Add("relation", ["main", "orders"]).Add("after", "b");
        former.Add("before", "a").Add("relation", ["local", "main", "orders"]).Add("after", "b");

        both.Compute().ShouldBe(now.Compute());
        both.ComputeAll().Former.ShouldBe(former.Compute());
    }

    [Fact]
    public void Fingerprint_WithoutPartsThatWereOthers_IsTheFormerOne()
    {
        using var fingerprint = new Fingerprint();
        fingerprint.Add("definition", "a");

        fingerprint.ComputeAll().Former.ShouldBe(fingerprint.Compute());
    }

    [Fact]
    public void Fingerprint_OfAnotherRun_IsTheSameThoughTheTextIsNot()
    {
        var now = new DateTimeOffset(2026, 11, 20, 8, 30, 0, TimeSpan.Zero);
        using var first = Project();
        using var second = Project(now.AddDays(1));

        second.Model("a").Fingerprint.ShouldBe(first.Model("a").Fingerprint);
        second.Model("a").Full.Text.ShouldNotBe(first.Model("a").Full.Text);
    }

    [Theory]
    [InlineData(
        "models/bronze/a.sql",
        "{{ config materialized: \"table\" }}select {{ one }} as id2, '{{ run_started_at }}' as at from {{ ref \"stg\" }}"
    )]
    [InlineData(
        "models/bronze/a.sql",
        "{{ config materialized: \"view\" }}select {{ one }} as id, '{{ run_started_at }}' as at from {{ ref \"stg\" }}"
    )]
    [InlineData(
        "models/bronze/a.sql",
        "{{ config materialized: \"table\" alias: \"b\" }}select {{ one }} as id, '{{ run_started_at }}' as at from {{ ref \"stg\" }}"
    )]
    [InlineData(
        "models/bronze/a.sql",
        "{{ config materialized: \"table\" }}select {{ one }} as id, '{{ run_started_at }}' as at from {{ ref \"other\" }}"
    )]
    [InlineData("macros/one.sql", "{{ func one }}2{{ end }}")]
    [InlineData("models/bronze/m.yml", "models: [{ name: a, config: { post_hook: analyze } }]")]
    public void Fingerprint_OfOtherContents_IsAnother(string path, string text)
    {
        using var project = Project();
        var before = project.Model("a").Fingerprint;

        project.Write(path, text);

        project.Model("a").Fingerprint.ShouldNotBe(before);
    }

    [Theory]
    [InlineData(
        "models/bronze/m.yml",
        "models: [{ name: a, description: d, tags: [t], meta: { m: 1 }, columns: [{ name: id }] }]"
    )]
    [InlineData("macros/two.sql", "{{ func two }}2{{ end }}")]
    [InlineData("models/bronze/stg.sql", "select 2 as id")]
    public void Fingerprint_OfTheSameContents_IsTheSame(string path, string text)
    {
        using var project = Project();
        var before = project.Model("a").Fingerprint;

        project.Write(path, text);

        project.Model("a").Fingerprint.ShouldBe(before);
    }

    [Theory]
    [InlineData("select id, 'a  b' as n from {{ ref \"stg\" }} where id >= -1", true)]
    [InlineData(
        "-- why\nselect id, 'a  b' as n -- {{ ref \"stg\" }}'s\nfrom {{ ref \"stg\" }} where id>= -1",
        true
    )]
    [InlineData(
        "/* a /* nested */ one */\n  select id,'a  b' as n\n\tfrom {{ ref \"stg\" }}/**/where id >= -1 --",
        true
    )]
    [InlineData("select id, 'a b' as n from {{ ref \"stg\" }} where id >= -1", false)]
    [InlineData("select id, 'a  b' as \"n\" from {{ ref \"stg\" }} where id >= -1", false)]
    [InlineData("select /*+ hint */ id, 'a  b' as n from {{ ref \"stg\" }} where id >= -1", false)]
    [InlineData("select id, 'a -- b' as n from {{ ref \"stg\" }} where id >= -1", false)]
    // other operators
    [InlineData("select id, 'a  b' as n from {{ ref \"stg\" }} where id >=- 1", false)]
    [InlineData("select id, 'a  b' as n from {{ ref \"stg\" }} where id > = -1", false)]
    [InlineData("select id, 'a  b' as n from {{ ref \"other\" }} where id >= -1", false)]
    public void Fingerprint_OfAQuery_GoesByItsCode(string sql, bool isSame)
    {
        using var project = Project();
        project.Write("models/bronze/a.sql", "select id, 'a  b' as n from {{ ref \"stg\" }} where id >= -1");
        var before = project.Model("a").Fingerprint;

        project.Write("models/bronze/a.sql", sql);

        (project.Model("a").Fingerprint == before).ShouldBe(isSame);
    }

    [Theory]
    // one string, and a syntax error
    [InlineData("select 'a'\n'b' as n", "select 'a' 'b' as n")]
    [InlineData("select 'a' -- c\n'b' as n", "select 'a' /* c\n*/ 'b' as n")]
    // blanks in a string that goes on
    [InlineData("select e'a'\n'\\'  c\\'' as n", "select e'a'\n'\\' c\\'' as n")]
    // a name, and a name with an alias
    [InlineData("select a€ from (select 1 as a, 2 as a€)", "select a € from (select 1 as a, 2 as a€)")]
    [InlineData("select a\u00a0b from t", "select a b from t")]
    [InlineData("select a\u200bb from t", "select a b from t")]
    // a string, and a column and an operator
    [InlineData("select u&'6' as n", "select u &'6' as n")]
    [InlineData("select u&'6' as n", "select u& '6' as n")]
    [InlineData("select 0x1e--it's", "select 0x1e - -1")]
    public void Fingerprint_OfOtherTokens_IsAnother(string one, string other)
    {
        using var project = Project();
        project.Write("models/bronze/a.sql", one);
        var before = project.Model("a").Fingerprint;

        project.Write("models/bronze/a.sql", other);

        project.Model("a").Fingerprint.ShouldNotBe(before);
    }

    [Theory]
    [InlineData("select 'a'\n'b' as n", "select 'a' -- more\n\n  'b' as n")]
    [InlineData("select e'a'\n'\\'  c\\'' as n", "select e'a'\n\t'\\'  c\\''   as n -- it's")]
    [InlineData("select u&'6' as n", "select  u&'6'\nas n")]
    public void Fingerprint_OfTheSameTokens_IsTheSame(string one, string other)
    {
        using var project = Project();
        project.Write("models/bronze/a.sql", one);
        var before = project.Model("a").Fingerprint;

        project.Write("models/bronze/a.sql", other);

        project.Model("a").Fingerprint.ShouldBe(before);
    }

    [Fact]
    public void FormerFingerprints_AreOfTheQueryWithItsComments()
    {
        using var project = Project();
        project.Write("models/bronze/a.sql", "select id from {{ ref \"stg\" }}");
        var before = project.Model("a");

        project.Write("models/bronze/a.sql", "select id from {{ ref \"stg\" }} -- all");

        var now = project.Model("a");
        now.Fingerprint.ShouldBe(before.Fingerprint);
        now.FormerFingerprints.Length.ShouldBe(2);
        now.FormerFingerprints.Intersect(before.FormerFingerprints).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("'{{ ref \"stg\" }} -- a'", "'{{ ref \"stg\" }} -- b'")]
    [InlineData("'{{ ref \"stg\" }}'", "'{{ ref \"stg\" }} '")]
    [InlineData("x'1f'", "x '1f'")]
    [InlineData("$$a -- b$$", "$$a -- c$$")]
    public void Fingerprint_OfOtherStrings_IsAnother(string one, string other)
    {
        using var project = Project();
        project.Write("models/bronze/a.sql", $"select {one} as v");
        var before = project.Model("a").Fingerprint;

        project.Write("models/bronze/a.sql", $"select {other} as v");

        project.Model("a").Fingerprint.ShouldNotBe(before);
    }

    private const string Asking = """
        select 1 as id
        {{~ for r in (run_query "select k from bronze.stg") ~}}
        , {{ var "w" }} as c_{{ r.k }}, {{ dispatch "val" }} as v, {{ env_var "E" }} as e, {{ include "fragment.sql" }} as f
        {{~ end ~}}
        from {{ ref "stg" }}
        """;

    [Theory]
    [InlineData("models/bronze/a.sql", "as v", "as v2")]
    [InlineData("macros/val.sql", "1", "2")]
    [InlineData("fragment.sql", "one", "two")]
    [InlineData("macros/deep.sql", "1", "2")]
    public void Fingerprint_OfAModelThatAsks_ChangesWithWhatOnlyAnAnswerBringsIn(
        string path,
        string old,
        string text
    )
    {
        var files = new Dictionary<string, string>
        {
            ["models/bronze/a.sql"] = Asking,
            ["macros/val.sql"] = "{{ func default__val() }}1{{ end }}",
            ["macros/deep.sql"] = "{{ func deep() }}1{{ end }}",
            ["fragment.sql"] = "{{ var \"inner\" }} + {{ deep }} -- one",
        };
        using var project = new TestProject([
            ("models/bronze/stg.sql", "select 1 as k"),
            .. files.Select(file => (file.Key, file.Value)),
        ])
        {
            Environment = { ["E"] = "1" },
            Vars = Vars(("w", 1L), ("inner", 1L)),
        };
        var before = project.Model("a").Fingerprint;

        project.Write(path, files[path].Replace(old, text, StringComparison.Ordinal));

        project.Model("a").Fingerprint.ShouldNotBe(before);
    }

    [Fact]
    public void Fingerprint_OfAModelThatAsks_ChangesWithVariablesThatItMayRead()
    {
        var fingerprints = new List<string>();
        foreach (
            var (outer, inner, other, environment) in new[]
            {
                (1L, 1L, 1L, "1"),
                (2L, 1L, 1L, "1"),
                (1L, 2L, 1L, "1"),
                (1L, 1L, 1L, "2"),
                (1L, 1L, 2L, "1"),
            }
        )
        {
            using var project = new TestProject(
                ("models/bronze/stg.sql", "select 1 as k"),
                ("models/bronze/a.sql", Asking),
                ("macros/val.sql", "{{ func default__val() }}1{{ end }}"),
                ("fragment.sql", "{{ var \"inner\" }}")
            )
            {
                Environment = { ["E"] = environment },
                Vars = Vars(("w", outer), ("inner", inner), ("other", other)),
            };
            fingerprints.Add(project.Model("a").Fingerprint);
        }

        fingerprints.Distinct().Count().ShouldBe(4);
        fingerprints[4].ShouldBe(fingerprints[0]);
    }

    [Theory]
    [InlineData("{{ run_started_at }}")]
    [InlineData("{{ date.now }}")]
    public void Fingerprint_OfWhatReadsAnEphemeralModelThatReadsTheClock_IsTheSameInAnotherRun(string now)
    {
        var texts = new List<(string Fingerprint, string Text)>();
        foreach (var day in new[] { 1, 2 })
        {
            using var project = new TestProject(
                (
                    "models/bronze/e.sql",
                    $"{{{{ config materialized: \"ephemeral\" }}}}select '{now}' as at, 1 as id"
                ),
                (
                    "models/bronze/e2.sql",
                    "{{ config materialized: \"ephemeral\" }}select * from {{ ref \"e\" }}"
                ),
                ("models/bronze/a.sql", "select * from {{ ref \"e2\" }}")
            )
            {
                RunStartedAt = new DateTimeOffset(2026, 11, day, 8, 30, 0, TimeSpan.Zero),
            };
            texts.Add((project.Model("a").Fingerprint, project.Model("a").Full.Text));
        }

        texts[1].Fingerprint.ShouldBe(texts[0].Fingerprint);
        texts[1].Text.ShouldNotBe(texts[0].Text);
    }

    [Fact]
    public void Fingerprint_OfAHook_ChangesWithWhatItRendersTo_NotWithTheTime()
    {
        string Of(long cut, int day, string macro = "1")
        {
            using var project = new TestProject(
                ("macros/one.sql", $"{{{{ func one }}}}{macro}{{{{ end }}}}"),
                ("models/bronze/a.sql", "select getvariable('cut') as cut"),
                (
                    "models/bronze/m.yml",
                    """models: [{ name: a, config: { pre_hook: "set variable cut = {{ var 'cut' }} + {{ one }} -- {{ run_started_at }}" } }]"""
                )
            )
            {
                Vars = Vars(("cut", cut)),
                RunStartedAt = new DateTimeOffset(2026, 11, day, 8, 30, 0, TimeSpan.Zero),
            };
            return project.Model("a").Fingerprint;
        }

        Of(5, 2).ShouldBe(Of(5, 1));
        Of(9, 1).ShouldNotBe(Of(5, 1));
        Of(5, 1, "2").ShouldNotBe(Of(5, 1));
    }

    [Fact]
    public void Manifest_OfAnyNumberOfThreads_IsTheSame()
    {
        var files = Enumerable
            .Range(0, 60)
            .Select(i =>
                (
                    $"models/bronze/m{i}.sql",
                    i == 0
                        ? "select 1 as id"
                        : $"select * from {{{{ ref \"m{i / 2}\" }}}} -- {{{{ ref \"no{i % 3}\" }}}}"
                )
            )
            .ToArray();
        using var one = new TestProject(files) { Threads = 1 };
        using var many = new TestProject(files) { Threads = 8 };

        many.Messages().ShouldBe(one.Messages());
        many.Messages().ShouldContain("ST3001");
        foreach (var i in Enumerable.Range(0, 3))
        {
            one.Write($"models/bronze/no{i}.sql", "select 1 as id");
            many.Write($"models/bronze/no{i}.sql", "select 1 as id");
        }
        many.Manifest().Nodes.Keys.ShouldBe(one.Manifest().Nodes.Keys);
        many.Manifest().Graph.Sorted.ShouldBe(one.Manifest().Graph.Sorted);
        many.Model("m59").Fingerprint.ShouldBe(one.Model("m59").Fingerprint);
    }

    private static ImmutableSortedDictionary<string, object?> Vars(
        params (string Name, object? Value)[] vars
    ) => vars.ToImmutableSortedDictionary(pair => pair.Name, pair => pair.Value);

    private static TestProject Project(DateTimeOffset? at = null) =>
        new(
            ("macros/one.sql", "{{ func one }}1{{ end }}"),
            ("models/bronze/stg.sql", "select 1 as id"),
            ("models/bronze/other.sql", "select 1 as id"),
            ("models/bronze/a.sql", Template)
        )
        {
            RunStartedAt = at ?? new DateTimeOffset(2026, 11, 20, 8, 30, 0, TimeSpan.Zero),
        };
}
