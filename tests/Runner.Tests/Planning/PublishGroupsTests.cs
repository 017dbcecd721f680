using System.Collections.Immutable;
using Strata.Runner.Planning;

namespace Strata.Runner.Tests.Planning;

public sealed class PublishGroupsTests
{
    private static PublishGroups.Item Item(
        string id,
        string connection,
        string layer,
        bool run,
        params string[] parents
    ) => new(id, connection, layer, run, id.StartsWith("transfer", StringComparison.Ordinal), [.. parents]);

    private static ImmutableDictionary<string, string> Assign(params PublishGroups.Item[] items) =>
        PublishGroups.Assign(items);

    [Fact]
    public void Assign_LayerThatPublishesByRun_IsOneGroupWithItsReplicas()
    {
        var groups = Assign(
            Item("silver", "duck", "silver", false),
            Item("transfer.silver", "pg", "", false, "silver"),
            Item("gold1", "pg", "gold", true, "transfer.silver"),
            Item("gold2", "pg", "gold", true, "gold1")
        );

        groups.ShouldBe(
            new Dictionary<string, string>
            {
                ["transfer.silver"] = "gold",
                ["gold1"] = "gold",
                ["gold2"] = "gold",
            },
            ignoreOrder: true
        );
    }

    [Fact]
    public void Assign_NodeBetweenTwoOfAGroup_JoinsIt()
    {
        var groups = Assign(
            Item("g1", "pg", "gold", true),
            Item("between", "pg", "other", false, "g1"),
            Item("g2", "pg", "gold", true, "between"),
            Item("after", "pg", "other", false, "g2")
        );

        groups["between"].ShouldBe("gold");
        groups.ShouldNotContainKey("after");
    }

    [Fact]
    public void Assign_TwoLayersThatNeedEachOther_AreOneGroup()
    {
        var groups = Assign(
            Item("a1", "pg", "a", true),
            Item("b1", "pg", "b", true, "a1"),
            Item("a2", "pg", "a", true, "b1")
        );

        groups.Values.Distinct().Count().ShouldBe(1);
    }

    [Fact]
    public void Assign_TwoLayersInOrder_StayTwoGroups()
    {
        var groups = Assign(Item("a1", "pg", "a", true), Item("b1", "pg", "b", true, "a1"));

        groups["a1"].ShouldBe("a");
        groups["b1"].ShouldBe("b");
    }

    [Fact]
    public void Assign_WayThroughAnotherEngineAndBack_SplitsTheLayer()
    {
        var groups = Assign(
            Item("g1", "pg", "gold", true),
            Item("transfer.g1", "duck", "", false, "g1"),
            Item("x", "duck", "silver", false, "transfer.g1"),
            Item("transfer.x", "pg", "", false, "x"),
            Item("g2", "pg", "gold", true, "transfer.x"),
            Item("g3", "pg", "gold", true)
        );

        groups["g1"].ShouldBe("gold");
        groups["g3"].ShouldBe("gold");
        groups["g2"].ShouldBe("gold (2)");
        groups["transfer.x"].ShouldBe("gold (2)");
        groups.ShouldNotContainKey("transfer.g1");
    }

    [Fact]
    public void Assign_WayOverAPlainNodeThroughAnotherEngineAndBack_SplitsTheLayerToo()
    {
        var groups = Assign(
            Item("g1", "pg", "gold", true),
            Item("plain", "pg", "other", false, "g1"),
            Item("transfer.plain", "duck", "", false, "plain"),
            Item("transfer.back", "pg", "", false, "transfer.plain"),
            Item("g2", "pg", "gold", true, "transfer.back")
        );

        groups["g1"].ShouldNotBe(groups["g2"]);
        groups.ShouldNotContainKey("plain");
    }

    [Fact]
    public void Assign_LayerOnTwoConnections_IsAGroupForEach()
    {
        var groups = Assign(Item("a", "pg", "gold", true), Item("b", "duck", "gold", true));

        groups["a"].ShouldNotBe(groups["b"]);
    }
}
