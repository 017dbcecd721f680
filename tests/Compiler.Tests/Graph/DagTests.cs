using FsCheck;
using FsCheck.Fluent;
using Strata.Compiler.Graph;

namespace Strata.Compiler.Tests.Graph;

public sealed class DagTests
{
    [Fact]
    public void Create_Chain_SortsParentsFirst()
    {
        var graph = Create(("c", ["b"]), ("b", ["a"]), ("a", [])).Graph!;

        graph.Sorted.ShouldBe(["a", "b", "c"]);
        graph.ParentsOf("c").ShouldBe(["b"]);
        graph.ChildrenOf("a").ShouldBe(["b"]);
    }

    [Fact]
    public void Create_Ties_KeepTheOrderOfTheInput() =>
        Create(("b", []), ("a", []), ("c", [])).Graph!.Sorted.ShouldBe(["b", "a", "c"]);

    [Fact]
    public void Create_Children_KeepTheOrderOfTheInput() =>
        Create(("c", ["a"]), ("a", []), ("b", ["a"])).Graph!.ChildrenOf("a").ShouldBe(["c", "b"]);

    [Fact]
    public void Create_ParentReadTwice_CountsOnce()
    {
        var graph = Create(("a", []), ("b", ["a", "a"])).Graph!;

        graph.Sorted.ShouldBe(["a", "b"]);
        graph.ParentsOf("b").ShouldBe(["a"]);
        graph.ChildrenOf("a").ShouldBe(["b"]);
    }

    [Fact]
    public void Create_ParentThatIsNoKey_IsIgnored() =>
        Create(("a", ["elsewhere"])).Graph!.ParentsOf("a").ShouldBeEmpty();

    [Fact]
    public void Create_Cycle_StartsWithTheFirstKeyOfTheInputThatIsInIt()
    {
        // a is read by b, b by c, c by a
        var cycle = Create(("x", []), ("a", ["c", "x"]), ("b", ["a"]), ("c", ["b"])).Cycle;

        cycle.ShouldBe(["a", "b", "c"]);
    }

    [Fact]
    public void Create_SelfReference_IsACycleOfOne() => Create(("a", ["a"])).Cycle.ShouldBe(["a"]);

    [Fact]
    public void Create_AnyGraph_GivesATopologicalOrderOrARealCycle() =>
        Prop.ForAll(
                Graphs().ToArbitrary(),
                parents =>
                {
                    var keys = Enumerable.Range(0, parents.Length).ToList();
                    var result = Dag<int>.Create(keys, key => parents[key]);
                    if (result.Graph is { } graph)
                    {
                        var place = graph.Sorted.Select((key, index) => (key, index)).ToDictionary();
                        place.Count.ShouldBe(keys.Count);
                        foreach (var key in keys)
                            parents[key].ShouldAllBe(parent => place[parent] < place[key]);
                    }
                    else
                    {
                        result.Cycle.ShouldNotBeEmpty();
                        result.Cycle.Distinct().Count().ShouldBe(result.Cycle.Length);
                        for (var i = 0; i < result.Cycle.Length; i++)
                        {
                            var reader = result.Cycle[(i + 1) % result.Cycle.Length];
                            parents[reader].ShouldContain(result.Cycle[i]);
                        }
                    }
                }
            )
            .QuickCheckThrowOnFailure();

    private static Gen<int[][]> Graphs() =>
        from size in Gen.Choose(1, 12)
        from parents in Gen.ArrayOf(
            from count in Gen.Choose(0, 3)
            from list in Gen.ArrayOf(Gen.Choose(0, size - 1), count)
            select list,
            size
        )
        select parents;

    private static Dag<string>.Result Create(params (string Key, string[] Parents)[] nodes)
    {
        var parents = nodes.ToDictionary(node => node.Key, node => node.Parents);
        return Dag<string>.Create([.. nodes.Select(node => node.Key)], key => parents[key]);
    }
}
