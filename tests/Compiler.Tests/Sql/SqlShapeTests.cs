using Strata.Compiler.Sql;

namespace Strata.Compiler.Tests.Sql;

public sealed class SqlShapeTests
{
    [Theory]
    [InlineData("insert into t select 1", "t")]
    [InlineData("INSERT OR REPLACE INTO \"a\".\"we\"\"ird na.me\" (x) values (1)", "we\"ird na.me")]
    [InlineData("-- note\ninsert /* so */ into db . main . t values (1)", "t")]
    [InlineData("create table t as select 1", "t")]
    [InlineData("create or replace temporary table \"temp\".\"main\".\"t\" as select 1", "t")]
    [InlineData("create table if not exists s.t (x int)", "t")]
    [InlineData("copy t from 'file.csv'", "t")]
    [InlineData("copy (select 1) to 'file.csv'", null)]
    [InlineData("create view v as select * from t", null)]
    [InlineData("create index on t (x)", null)]
    [InlineData("update t set x = 1", null)]
    [InlineData("select 'insert into t'", null)]
    [InlineData("insert", null)]
    [InlineData("", null)]
    public void FindTarget_IsTheLastNameOfTheTable(string sql, string? table) =>
        SqlShape.FindTarget(sql).ShouldBe(table);

    [Theory]
    [InlineData("select * from t", true)]
    [InlineData("select t.*, 1 from t", true)]
    [InlineData("select 1, * exclude (a) from t", true)]
    [InlineData("select distinct * from t", true)]
    [InlineData("select distinct on (id) * from t", true)]
    [InlineData("select distinct on (id) * exclude (a) from t", true)]
    [InlineData("select (a + 1) * b, (c) * 2 from t", false)]
    [InlineData("select columns(*) from t", true)]
    [InlineData("from t", true)]
    [InlineData("select a from (from t)", true)]
    [InlineData("select count(*), a * b, 2 * (a) from t", false)]
    [InlineData("select '*', \"*\" -- *\nfrom t /* select * */", false)]
    [InlineData("select a from t", false)]
    public void HasStar_IsWhereAllColumnsAreTaken(string sql, bool has) =>
        SqlShape.HasStar(sql).ShouldBe(has);

    [Theory]
    [InlineData("explain analyze select 1", true)]
    [InlineData("explain -- no\n (format json, ANALYZE) select 1", true)]
    [InlineData("explain select analyze from t", false)]
    [InlineData("explain (format json) select analyze from t", false)]
    [InlineData("explain", false)]
    public void ExplainRuns_IsWhatAnalyzeDoes(string sql, bool runs) =>
        SqlShape.ExplainRuns(sql).ShouldBe(runs);
}
