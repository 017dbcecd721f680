using Shouldly;
using Strata.Compiler.Sql;
using Xunit;

namespace Strata.Compiler.Tests.Sql;

public sealed class SelectItemsTests
{
    [Theory]
    [InlineData("select a, t.b, max(c) as d, now() e from t", "a=a|b=t.b|d=max(c) as d|e=now() e")]
    [InlineData("select distinct on (a) a, b from t", "a=distinct on (a) a|b=b")]
    [InlineData("select a + b, *, t.*, count(*), 1 as \"we\"\"ird\" from t", "we\"ird=1 as \"we\"\"ird\"")]
    [InlineData("with c as (select x as y from t) select y as z from c", "y=x as y|z=y as z")]
    [InlineData(
        "select (select max(n) from u) as m, k from t where a in (select b from v)",
        "m=(select max(n) from u) as m|k=k|b=b"
    )]
    [InlineData(
        "select a is distinct from b as changed, now() as at from t",
        "changed=a is distinct from b as changed|at=now() as at"
    )]
    [InlineData(
        "select extract(epoch from s) as e, substring(v from 2) as w from t",
        "e=extract(epoch from s) as e|w=substring(v from 2) as w"
    )]
    [InlineData("select a from t union all select b as a from u", "a=a|a=b as a")]
    [InlineData(
        "select a, -- b as c\n 'd as e' as f from t order by a, g",
        "a=a|f=-- b as c\n 'd as e' as f"
    )]
    [InlineData("", "")]
    [InlineData("select", "")]
    [InlineData("select a) from t", "a=a")]
    public void In_ATextOfSelects_GivesWhatTheyName(string sql, string expected) =>
        string.Join(
                "|",
                SelectItems
                    .In(sql)
                    .Select(item => $"{item.Name}={sql[item.Span.Start..item.Span.End].Trim()}")
            )
            .ShouldBe(expected);
}
