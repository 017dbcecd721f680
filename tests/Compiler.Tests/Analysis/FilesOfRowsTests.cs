using Strata.Compiler.Analysis.Rows;
using Strata.Compiler.Manifest;
using Strata.Compiler.Tests.Project;

namespace Strata.Compiler.Tests.Analysis;

/// <summary>Whether rows of several landed files meet in a query, and whether each says which file it is of.</summary>
public sealed class FilesOfRowsTests
{
    private const string Sources = """
        sources:
          - name: l
            tables:
              - { name: a, files: { path: "a/*.csv", format: csv } }
              - { name: b, files: { path: "b/*.csv", format: csv } }
              - { name: t }
        """;

    private const string A = "{{ source \"l\" \"a\" }}";
    private const string B = "{{ source \"l\" \"b\" }}";
    private const string T = "{{ source \"l\" \"t\" }}";

    [Theory]
    [InlineData($"select a.id from {A} a join {B} b on a.id = b.id")]
    [InlineData($"select a.id from {A} a, {B} b")]
    [InlineData($"select a.id from {A} a left join (select id from {B} where id > 1) b using (id)")]
    [InlineData(
        $"with x as (select * from {A}), y as (select * from {B}) select * from x semi join y using (id)"
    )]
    [InlineData($"select id from {A} where id in (select id from {B})")]
    [InlineData($"with x as (select a.id from {A} a join {B} b using (id)) select id from x")]
    [InlineData($"select id from {T} union all select a.id from {A} a join {B} b using (id)")]
    [InlineData(
        $"with both as (select id from {A} union all select id from {T}) select * from both join {B} using (id)"
    )]
    public void RowsOfTwoSources_Meet(string sql) => Of(sql).Joined.ShouldNotBeNull();

    [Theory]
    [InlineData($"select id from {A} union all select id from {B}")]
    [InlineData($"select a.id from {A} a join {T} t using (id) union select id from {B}")]
    [InlineData(
        $"with x as (select * from {A} union all by name select * from {B}) select * from x where id > 1"
    )]
    [InlineData(
        $"with x as (select * from {A}) select x.* from x join (select id, max(v) as v from x group by id) m using (id, v)"
    )]
    [InlineData(
        $"with u as (select * from {A} union all select * from {B}), m as (select id, max(v) as v from u group by id) select u.* from u join m using (id, v)"
    )]
    [InlineData(
        $"with u as (select * from {A} union all select * from {B}) select * from u where v = (select max(v) from u)"
    )]
    [InlineData($"from {A} join {B} using (id)")]
    public void RowsOfTwoSources_DoNotMeet_OrItIsNotKnown(string sql) => Of(sql).Joined.ShouldBeNull();

    [Theory]
    [InlineData($"select * from {A}")]
    [InlineData($"select id, _source_file from {A} where id > 1")]
    [InlineData($"select x.id, x.\"_source_file\" from {A} as x join {T} t using (id)")]
    [InlineData($"select id, a._SOURCE_FILE as _source_file from {A} a")]
    [InlineData($"with x as (select * exclude (v) from {A}) select x.* from x cross join (select 1 as one)")]
    [InlineData($"select id, _source_file from {A} union all select id, _source_file from {B}")]
    [InlineData($"select id, _source_file from {A} union all select id, null as _source_file from {T}")]
    [InlineData($"select _source_file, count(*) as n from {A} group by _source_file")]
    [InlineData($"select distinct on (id) * from {A} order by id, v")]
    public void EachRow_TellsItsFile(string sql) => Of(sql).TellTheirFile.ShouldBeTrue();

    [Theory]
    [InlineData($"select id from {A}")]
    [InlineData($"select * exclude (_source_file) from {A}")]
    [InlineData($"select id, upper(_source_file) as _source_file from {A}")]
    [InlineData($"select id, 'x' as _source_file from {A}")]
    [InlineData($"select sum(v) as v, max(_source_file) as _source_file from {A}")]
    [InlineData($"select id, t._source_file from {A} join {T} t using (id)")]
    [InlineData($"select a.* from {A} a join {B} b using (id)")]
    [InlineData($"select a.* from {A} a join {A} b using (id)")]
    [InlineData($"select * from {A} where id in (select id from {A})")]
    [InlineData($"select id, _source_file from {A} union all select id, v as _source_file from {B}")]
    [InlineData(
        $"with x as (select id, max(_source_file) as _source_file from {A} group by id) select * from x"
    )]
    [InlineData($"from {A}")]
    public void EachRow_DoesNot_OrItIsNotKnown(string sql) => Of(sql).TellTheirFile.ShouldBeFalse();

    [Fact]
    public void AnAggregateOfFiles_IsToldFromWhatIsOnlyNotKnown()
    {
        Of($"select v, max(_source_file) as _source_file from {A} group by v").MixTheirFiles.ShouldBeTrue();
        Of($"select v, lower(_source_file) as _source_file from {A}").MixTheirFiles.ShouldBeFalse();
    }

    private static FilesOfRows Of(string sql)
    {
        using var project = new TestProject(
            ("models/bronze/sources.yml", Sources),
            (
                "models/bronze/m.sql",
                $"{{{{ config materialized: \"incremental\" incremental_strategy: \"append\" }}}} {sql}"
            )
        );
        var manifest = project.Compile().Manifest.ShouldNotBeNull();
        var model = manifest.Nodes.Values.OfType<ModelNode>().Single();
        return FilesOfRows.Of(model, manifest.Nodes.GetValueOrDefault);
    }
}
