using Strata.Compiler.Manifest.Models;
using Strata.Compiler.Project;
using Strata.Compiler.Sql;

namespace Strata.Compiler.Manifest.Building.Tests;

/// <summary>
/// Whether a test's verdict depends on the time: its expectation's does, its SQL asks for it, or a view does that it reads. Such a test
/// is never one that was passed before.
/// </summary>
internal sealed class TestClock(ITestCatalog tests, IReadOnlyDictionary<string, Node> nodes)
{
    private readonly Dictionary<string, bool> _views = new(StringComparer.Ordinal);

    public bool IsRead(TestNode test) =>
        tests.ReadsClock(test)
        || new[] { test.Config.Where, test.Config.FailCalc, test.Query?.Text }.Any(AreIn)
        || test.DependsOn.Any(IsReadByView);

    private static bool AreIn(string? sql) => sql is not null && ClockWords.AreIn(sql);

    // the text of a view holds those of the ephemeral models that it reads
    private bool IsReadByView(string id)
    {
        if (_views.TryGetValue(id, out var known))
            return known;
        _views[id] = false;
        return _views[id] =
            nodes.GetValueOrDefault(id) is ModelNode { Config.Materialized: Materialization.View } view
            && (AreIn(view.Full.Text) || view.DependsOn.Any(IsReadByView));
    }
}
