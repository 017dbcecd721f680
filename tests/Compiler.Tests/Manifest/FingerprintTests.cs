using Strata.Compiler.Tests.Project;

namespace Strata.Compiler.Tests.Manifest;

/// <summary>A fingerprint changes with what the relation holds, and with nothing else.</summary>
public sealed class FingerprintTests
{
    private const string Template =
        "{{ config materialized: \"table\" }}select {{ one }} as id, '{{ run_started_at }}' as at from {{ ref \"stg\" }}";

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
