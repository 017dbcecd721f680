using Strata.Compiler.Diagnostics;
using Strata.Compiler.Rendering;
using Strata.Compiler.Text;

namespace Strata.Compiler.Manifest.Building.Checks;

/// <summary>What is built only when its inputs change, and would be other rows on another day.</summary>
internal sealed class TimeChecks(Func<string, Node?> find, DiagnosticBag diagnostics)
{
    private readonly Dictionary<string, (ModelNode Asks, SourceSpan Place)?> _known = [];

    public static void Check(IEnumerable<Node> nodes, Func<string, Node?> find, DiagnosticBag diagnostics)
    {
        var checks = new TimeChecks(find, diagnostics);
        foreach (var model in nodes.OfType<ModelNode>())
            checks.Check(model);
    }

    private void Check(ModelNode model)
    {
        // a batch is of what has come, and a view is asked when it is read
        if (
            model.Config
                is not { Materialized: Materialization.Table or Materialization.Snapshot, RebuildEvery: null }
            || Find(model) is not var (asks, place)
        )
            return;
        diagnostics.Add(
            IncrementalDiagnostics.RowsOfATime(place, model.Name, asks == model ? null : asks.Name)
        );
    }

    /// <summary>Where a model asks for the time, or a view that it reads does.</summary>
    private (ModelNode Asks, SourceSpan Place)? Find(ModelNode model)
    {
        if (_known.TryGetValue(model.UniqueId, out var known))
            return known;
        // of a circle, which is reported elsewhere
        _known[model.UniqueId] = null;
        var found = TimeDependence.Find(model.Full.Text) is { } at
            ? (model, model.Full.Map.Find(at)?.Outermost.Span ?? model.Declaration)
            : model
                .DependsOn.Select(find)
                .OfType<ModelNode>()
                .Where(read => read.Config.Materialized == Materialization.View)
                .Select(Find)
                .FirstOrDefault(one => one is not null);
        return _known[model.UniqueId] = found;
    }
}
