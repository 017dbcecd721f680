using System.Collections.Immutable;
using Strata.Compiler.Analysis.Clock;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest.Models;
using Strata.Compiler.Rendering.Linking;
using Strata.Compiler.Text;

namespace Strata.Compiler.Manifest.Building.Checks;

/// <summary>What is built only when its inputs change, and would be other rows on another day.</summary>
internal sealed class TimeChecks(Func<string, Node?> find, DiagnosticBag diagnostics)
{
    // nobody writes more, and every level is a call
    private const int MostLevels = 200;

    private readonly Dictionary<string, (ModelNode Asks, SourceSpan Place)?> _known = [];
    private readonly Dictionary<string, ClockRelation> _columns = [];
    private readonly Dictionary<string, bool> _moves = [];
    private readonly Dictionary<string, bool> _mayAsk = [];
    private readonly HashSet<string> _renewed = [];
    private int _level;

    public static void Check(IEnumerable<Node> nodes, Func<string, Node?> find, DiagnosticBag diagnostics)
    {
        var checks = new TimeChecks(find, diagnostics);
        var models = nodes.OfType<ModelNode>().ToList();
        foreach (
            var model in models.Where(model =>
                model.Config.RebuildEvery is not (null or RebuildPeriod.Change)
            )
        )
            checks.AddRenewed(model);
        foreach (var model in models)
            checks.Check(model);
    }

    private void Check(ModelNode model)
    {
        if (!MayAsk(model))
            return;
        if (model.Config.RebuildEvery is { } every)
        {
            if (
                every != RebuildPeriod.Change
                && WhyOldRowsStay(model) is { } why
                && Find(model) is var (_, asked)
            )
                diagnostics.Add(
                    IncrementalDiagnostics.BatchOfATime(
                        asked,
                        model.Name,
                        every.ToString().ToLowerInvariant(),
                        why
                    )
                );
            return;
        }
        if (MovesInEveryRun(model) || FindStale(model) is not var (asks, place))
            return;
        diagnostics.Add(
            IncrementalDiagnostics.RowsOfATime(
                place,
                model.Name,
                asks == model ? null : asks.Name,
                IsView(model)
            )
        );
    }

    private (ModelNode Asks, SourceSpan Place)? FindStale(ModelNode model) =>
        model.Config.Materialized switch
        {
            Materialization.Table or Materialization.Snapshot => Find(model),
            // a batch is of what has come
            Materialization.Incremental when IsMadeOfAll(model) => Find(model),
            Materialization.View when !_renewed.Contains(model.UniqueId) => FindInView(model),
            _ => null,
        };

    /// <summary>What is renewed with its readers: the views below a model that is due with time, and their copies.</summary>
    private void AddRenewed(ModelNode model)
    {
        foreach (var view in ViewsReadBy(model))
        {
            if (_renewed.Add(view.UniqueId))
                AddRenewed(view);
        }
    }

    private IEnumerable<ModelNode> ViewsReadBy(ModelNode model) =>
        // most read tables only
        model.DependsOn.Any(id =>
            find(id) is ModelNode { Config.Materialized: Materialization.View or Materialization.Ephemeral }
        )
            ? RelationsReadBy(model).OfType<ModelNode>().Where(IsView)
            : [];

    /// <summary>What it reads, through ephemeral models.</summary>
    private List<Node> RelationsReadBy(ModelNode model)
    {
        var (relations, seen) = (new List<Node>(), new HashSet<string>(StringComparer.Ordinal));
        var open = new Stack<string>(model.DependsOn.Reverse());
        while (open.TryPop(out var id))
        {
            if (!seen.Add(id) || find(id) is not { } read)
                continue;
            if (read is ModelNode { Config.Materialized: Materialization.Ephemeral } ephemeral)
                ephemeral.DependsOn.Reverse().ToList().ForEach(open.Push);
            else
                relations.Add(read);
        }
        return relations;
    }

    private static bool IsView(ModelNode model) => model.Config.Materialized == Materialization.View;

    /// <summary>Whether it is built in every run anyway, since others fill what it reads.</summary>
    private bool MovesInEveryRun(ModelNode model)
    {
        if (_moves.TryGetValue(model.UniqueId, out var known))
            return known;
        _moves[model.UniqueId] = false;
        return _moves[model.UniqueId] = RelationsReadBy(model)
            .Any(read =>
                read is SourceNode { Files: null }
                || read is ModelNode view && IsView(view) && MovesInEveryRun(view)
            );
    }

    /// <summary>Whether each batch is made of all that there is.</summary>
    private bool IsMadeOfAll(ModelNode model) =>
        model.Config is { UniqueKey.IsEmpty: false }
        && WhyOldRowsStay(model) is null
        && (model.Incremental is null || model.Incremental.Text == model.Full.Text);

    /// <summary>What a batch is made of where it is not of all that there is, however often it is built.</summary>
    private string? WhyOldRowsStay(ModelNode model) =>
        model.Config switch
        {
            { Materialized: not (Materialization.Incremental or Materialization.Cdc) } => null,
            { Microbatch: not null } =>
                "a microbatch model builds only new periods and those of its lookback",
            _ when RelationsReadBy(model).Any(read => read is SourceNode { Files: not null }) =>
                "a batch contains only new files",
            _ when model.Full.Reads.Any(read => read.Kind == ReferenceKind.Changes) =>
                "a batch contains only changes",
            _ => null,
        };

    /// <summary>
    /// Where a model asks for the time, or a view that it reads does. A view whose text holds the start of the run is a matter of its own: what reads it
    /// follows when it is made anew.
    /// </summary>
    private (ModelNode Asks, SourceSpan Place)? Find(ModelNode model)
    {
        if (_known.TryGetValue(model.UniqueId, out var known))
            return known;
        // of a circle, which is reported elsewhere
        _known[model.UniqueId] = null;
        return _known[model.UniqueId] =
            FindIn(model, IsView(model) ? [] : model.Instants)
            ?? ViewsReadBy(model)
                .Where(view => !IsCopied(view, model))
                .Select(Find)
                .FirstOrDefault(one => one is not null);
    }

    // the copy that a view reads is reported there, or renewed with it
    private static bool IsCopied(ModelNode view, ModelNode reader) =>
        IsView(reader) && view.Connection != reader.Connection;

    private (ModelNode Asks, SourceSpan Place)? FindInView(ModelNode view) =>
        (
            view.Instants.IsEmpty
                ? null
                : PlaceOf(view, TimeDependence.FindInstant(view.Full.Text, view.Instants))
        )
        ?? ViewsReadBy(view)
            .Where(read => IsCopied(read, view) && !MovesInEveryRun(read))
            .Select(Find)
            .FirstOrDefault(one => one is not null);

    private (ModelNode Asks, SourceSpan Place)? FindIn(ModelNode model, ImmutableArray<int> instants)
    {
        var text = model.Full.Text;
        return !instants.IsEmpty || MayAsk(model)
            ? PlaceOf(model, TimeDependence.Find(text, instants, start => ColumnsOf(model, start)))
            : null;
    }

    /// <summary>Whether the clock may be asked in a model, or in a view below it, so that a column is made of it: most ask nothing, and need not be looked at.</summary>
    private bool MayAsk(ModelNode model)
    {
        if (_mayAsk.TryGetValue(model.UniqueId, out var known))
            return known;
        _mayAsk[model.UniqueId] = false;
        return _mayAsk[model.UniqueId] =
            !model.Instants.IsEmpty
            || TimeDependence.MayAsk(model.Full.Text)
            || ViewsReadBy(model).Any(MayAsk);
    }

    private static (ModelNode Asks, SourceSpan Place)? PlaceOf(ModelNode model, int? question) =>
        question is { } at ? (model, model.Full.Map.Find(at)?.Outermost.Span ?? model.Declaration) : null;

    private ClockRelation? ColumnsOf(ModelNode reader, int start) =>
        reader.Full.References.FirstOrDefault(one => one.Span.Start == start) is { } reference
            ? find(reference.NodeId) is ModelNode model
                ? ColumnsOf(model)
                : ClockRelation.Unknown
            : null;

    /// <summary>In a table they are as they were when it was built.</summary>
    private ClockRelation ColumnsOf(ModelNode model)
    {
        if (_columns.TryGetValue(model.UniqueId, out var known))
            return known;
        _columns[model.UniqueId] = ClockRelation.Unknown;
        if (_level == MostLevels)
            return ClockRelation.Unknown;
        _level++;
        var columns = TimeDependence.ColumnsOf(
            model.Full.Text,
            model.Config.RebuildEvery is null ? model.Instants : [],
            start => ColumnsOf(model, start)
        );
        _level--;
        return _columns[model.UniqueId] = IsView(model) ? columns : columns.OfData();
    }
}
