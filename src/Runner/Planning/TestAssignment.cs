using System.Collections.Immutable;
using Strata.Compiler.Manifest;

namespace Strata.Runner.Planning;

/// <summary>
/// Which node each test audits: one of those it reads that the run works on, so that its failure keeps that
/// node from being published. The others must then be staged before, which must not close a circle.
/// </summary>
internal sealed class TestAssignment
{
    private readonly Dictionary<string, HashSet<string>> _parents = [];
    private readonly Dictionary<string, List<TestNode>> _tests = [];
    private readonly List<TestNode> _alone = [];

    /// <param name="parents">By planned node, the planned nodes it reads.</param>
    public TestAssignment(IReadOnlyDictionary<string, ImmutableArray<string>> parents)
    {
        foreach (var (id, above) in parents)
            _parents[id] = [.. above];
    }

    /// <summary>By planned node, the planned nodes that must come before it, those of its tests included.</summary>
    public ImmutableArray<string> ParentsOf(string id) => [.. _parents[id].Order(StringComparer.Ordinal)];

    public ImmutableArray<TestNode> TestsOf(string id) => [.. _tests.GetValueOrDefault(id, [])];

    /// <summary>Tests that read nothing which the run works on.</summary>
    public IReadOnlyList<TestNode> Alone => _alone;

    /// <param name="read">The planned nodes behind the test's inputs.</param>
    /// <param name="works">Whether the run works on a node.</param>
    /// <param name="isCopy">Whether a node only brings rows of another one across: it is blamed where there is nobody else.</param>
    public void Assign(
        TestNode test,
        ImmutableArray<string> read,
        Func<string, bool> works,
        Func<string, bool> isCopy
    )
    {
        var candidates = read.Where(works).OrderBy(isCopy).ToImmutableArray();
        if (candidates.IsEmpty)
        {
            _alone.Add(test);
            return;
        }
        // the node that the test is written under is to blame, unless another one is built from it
        var chosen =
            test.AttachedNode is { } attached
            && candidates.Contains(attached)
            && !ReachesAny(attached, candidates)
                ? attached
                : candidates.First(candidate => !ReachesAny(candidate, candidates));
        _parents[chosen].UnionWith(read.Where(id => id != chosen));
        if (!_tests.TryGetValue(chosen, out var tests))
            _tests[chosen] = tests = [];
        tests.Add(test);
    }

    private bool ReachesAny(string from, ImmutableArray<string> others) =>
        others.Any(other => other != from && IsBelow(other, from));

    private bool IsBelow(string id, string ancestor)
    {
        var pending = new Stack<string>([id]);
        var seen = new HashSet<string>();
        while (pending.TryPop(out var current))
        {
            foreach (var parent in _parents[current])
            {
                if (parent == ancestor)
                    return true;
                if (seen.Add(parent))
                    pending.Push(parent);
            }
        }
        return false;
    }
}
