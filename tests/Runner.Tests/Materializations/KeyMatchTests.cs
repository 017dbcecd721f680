using System.Collections.Immutable;
using Strata.Compiler.Sql;
using Strata.Runner.Materializations;

namespace Strata.Runner.Tests.Materializations;

public sealed class KeyMatchTests
{
    private static readonly KeyRange Range = new("id", "cast('3' as bigint)", "cast('9' as bigint)");

    [Fact]
    public void Conditions_WithARange_BoundTheTargetWhereKeysAreEqual()
    {
        Match(nullKeys: 0)
            .Conditions.ShouldBe([
                """
                __strata_target_row."id" = __strata_batch_row."id" and __strata_target_row."shop" = __strata_batch_row."shop" and __strata_target_row."id" between cast('3' as bigint) and cast('9' as bigint)
                """,
            ]);
    }

    [Fact]
    public void Conditions_WithNullKeys_DoNotBoundThem()
    {
        var conditions = Match(nullKeys: 2).Conditions;

        conditions.Length.ShouldBe(2);
        conditions[0].ShouldContain("between");
        conditions[1].ShouldNotContain("between");
    }

    private static KeyMatch Match(long nullKeys) =>
        new(PostgresDialect.Instance, ["id", "shop"], NullSafeIsFast: false, nullKeys, []) { Range = Range };
}
