using System.Collections.Immutable;
using Strata.Compiler.Analysis.Rows;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest.Models;
using Strata.Compiler.Manifest.Sources;
using Strata.Compiler.Rendering.Linking;
using Strata.Compiler.Sql;

namespace Strata.Compiler.Manifest.Building.Checks;

/// <summary>What runs without an error and gives wrong rows: batches that pass over what has arrived, or what has gone.</summary>
internal static class IncrementalReadChecks
{
    public static void Check(IEnumerable<Node> nodes, Func<string, Node?> find, DiagnosticBag diagnostics)
    {
        foreach (var model in nodes.OfType<ModelNode>())
        {
            CheckJoins(model, find, diagnostics);
            if (model.Incremental is not { } sql)
                continue;
            CheckMark(model, sql, find, diagnostics);
            CheckDeletes(model, sql, find, diagnostics);
        }
    }

    // a period of a microbatch model is made of all files that there are
    private static void CheckJoins(ModelNode model, Func<string, Node?> find, DiagnosticBag diagnostics)
    {
        var grows =
            model.Config
            is { Materialized: Materialization.Incremental, Microbatch: null }
                or { Materialized: Materialization.Cdc };
        if (
            !grows
            || model.DependsOn.Count(id => find(id) is SourceNode { Files: not null }) < 2
            || FilesOfRows.Of(model, find).Joined is not { } joined
            || find(joined.NodeId) is not SourceNode source
        )
            return;
        var sql = model.Incremental ?? model.Full;
        var place = sql.Map.Find(joined.Span.Start)?.Outermost.Span ?? model.Declaration;
        diagnostics.Add(
            IncrementalDiagnostics.BatchesDoNotMeet(place, model.Name, $"{source.SourceName}.{source.Name}")
        );
    }

    // where there are several inputs, nobody knows which one the mark is about
    private static void CheckMark(
        ModelNode model,
        CompiledSql sql,
        Func<string, Node?> find,
        DiagnosticBag diagnostics
    )
    {
        var inputs = model.DependsOn.Where(id => id != model.UniqueId).Select(find).ToList();
        if (
            inputs is not [SourceNode { Files: not null } source]
            || SqlTokenTree.Read(sql.Text) is not { } tokens
        )
            return;
        var own = sql
            .Reads.Where(reference => reference.Kind == ReferenceKind.This)
            .Select(reference => reference.Span.Start)
            .ToImmutableHashSet();
        if (own.IsEmpty || new HighWaterMark(tokens, own).Find() is not { } mark)
            return;
        var place = sql.Map.Find(mark)?.Outermost.Span ?? model.Declaration;
        diagnostics.Add(
            IncrementalDiagnostics.MarkOverFiles(place, model.Name, $"{source.SourceName}.{source.Name}")
        );
    }

    private static void CheckDeletes(
        ModelNode model,
        CompiledSql sql,
        Func<string, Node?> find,
        DiagnosticBag diagnostics
    )
    {
        var grows =
            model.Config
            is { Materialized: Materialization.Cdc }
                or { Materialized: Materialization.Incremental, Microbatch: null };
        if (!grows || LooksAtChange(model, sql))
            return;
        foreach (var read in sql.Reads.Where(one => one.Kind == ReferenceKind.Changes))
        {
            var isSteered = sql.Reads.Any(one => IsRowsOf(one, read.NodeId));
            if (isSteered && GivesEmptiedKeys(sql, read.NodeId))
                continue;
            if (find(read.NodeId) is not ModelNode upstream || WhyRowsGo(upstream, find) is not { } why)
                continue;
            var place = sql.Map.Find(read.Span.Start)?.Outermost.Span ?? model.Declaration;
            diagnostics.Add(
                IncrementalDiagnostics.DeletesPassedOver(
                    place,
                    model.Name,
                    upstream.Name,
                    why,
                    model.Config.Materialized == Materialization.Cdc,
                    isSteered
                )
            );
            return;
        }
    }

    private static bool IsRowsOf(RelationReference reference, string node) =>
        reference.NodeId == node && reference.Kind != ReferenceKind.Changes;

    // it asks which keys are touched, and reads their rows by themselves
    private static bool GivesEmptiedKeys(CompiledSql sql, string node)
    {
        if (SqlTokenTree.Read(sql.Text) is not { } tokens)
            return true;
        var changes = sql.Reads.Where(one => one.NodeId == node && !IsRowsOf(one, node));
        var rows = sql.Reads.Where(one => IsRowsOf(one, node));
        return new TouchedKeys(tokens, Starts(changes).Contains, Starts(rows).Contains).AreAllGiven();
    }

    private static ImmutableHashSet<int> Starts(IEnumerable<RelationReference> references) =>
        [.. references.Select(reference => reference.Span.Start)];

    private static string? WhyRowsGo(ModelNode upstream, Func<string, Node?> find)
    {
        if (upstream.Config is { Materialized: Materialization.Cdc, Cdc: var cdc })
            return cdc is { ScdType: 1, ApplyAsDeletes: not null } ? "it applies deletes" : null;
        if (upstream.Config.Materialized != Materialization.Incremental)
            return null;
        if (upstream.Config.Microbatch is not null)
            return "its periods are replaced";
        var strategy = upstream.Config.Strategy;
        if (strategy is IncrementalStrategy.DeleteInsert or IncrementalStrategy.InsertOverwrite)
            return strategy == IncrementalStrategy.DeleteInsert
                ? "delete+insert"
                : "its partitions are overwritten";
        var files = upstream
            .DependsOn.Select(find)
            .OfType<SourceNode>()
            .Select(source => source.Files)
            .FirstOrDefault(files => files is { TakesRowsAway: true });
        return files is null ? null
            : files.OnChange == OnChangedFile.Replace ? "on_change: replace"
            : "on_vanish: delete";
    }

    // appended with all their columns, changes say themselves what they are; merged, a row that went takes the place of the one that was there
    private static bool LooksAtChange(ModelNode model, CompiledSql sql)
    {
        if (ColumnMentions.Names(sql.Text, "_change"))
            return true;
        // of events that a cdc model reads, too, one that went is an event like any other
        if (
            model.Config
            is not { Materialized: Materialization.Incremental, Strategy: IncrementalStrategy.Append }
        )
            return false;
        if (SqlTokenTree.Read(sql.Text) is not { } tokens)
            return SqlShape.HasStar(sql.Text);
        var changes = sql.Reads.Where(one => one.Kind == ReferenceKind.Changes).ToList();
        return new CarriedColumns(tokens, start => changes.Exists(one => one.Span.Start == start)).AreAll();
    }
}
