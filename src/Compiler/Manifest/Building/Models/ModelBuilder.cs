using System.Collections.Immutable;
using Strata.Compiler.Analysis.Clock;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest.Building.Checks;
using Strata.Compiler.Manifest.Building.Fingerprints;
using Strata.Compiler.Manifest.Models;
using Strata.Compiler.Project.Configuration;
using Strata.Compiler.Project.Yaml;
using Strata.Compiler.Rendering;
using Strata.Compiler.Rendering.Linking;
using Strata.Compiler.Text;

namespace Strata.Compiler.Manifest.Building.Models;

/// <summary>Makes a node of every rendered model.</summary>
internal sealed class ModelBuilder(BuildContext context)
{
    public ModelNode Build(RenderedModel model)
    {
        var draft = model.Draft;
        Check(model);
        var full = Link(model.Full.Sql, model.Place);
        var incremental = model.Incremental is { } rendering ? Link(rendering.Sql, model.Place) : null;
        var instants = InstantPlaces.Find(full.Text, LinkTimeless(model.Full, full, model.Place).Text);
        var preHooks = LinkHooks(model, model.PreHooks, model.Settings.PreHooks);
        var postHooks = LinkHooks(model, model.PostHooks, model.Settings.PostHooks);
        var node = new ModelNode
        {
            UniqueId = draft.Id,
            Name = draft.Name,
            Fqn = draft.Fqn,
            Path = draft.File.Path.Path,
            PatchPath = draft.Patch?.Span.File.Path,
            Description = draft.Patch?.Description ?? "",
            Tags = [.. model.Settings.Tags.Distinct().Order(StringComparer.Ordinal)],
            Meta = model.Settings.Meta,
            ConfigValues = EffectiveConfig(model),
            DependsOn = [.. DependenciesOf(model).Distinct().Order(StringComparer.Ordinal)],
            Declaration = draft.Declaration,
            Connection = model.Place.Connection,
            Engine = model.Place.Dialect.Engine,
            Relation = model.Place.Relation,
            Columns =
            [
                .. (draft.Patch?.Columns ?? []).Where(c => c.Name is not null).Select(c => c.ToInfo()),
            ],
            Layer = draft.Layer?.Name,
            Config = model.Settings.Config with
            {
                PreHooks = [.. preHooks.Select(hook => hook.Sql)],
                PostHooks = [.. postHooks.Select(hook => hook.Sql)],
                PreHookPlaces = [.. preHooks.Select(hook => hook.Place)],
                PostHookPlaces = [.. postHooks.Select(hook => hook.Place)],
            },
            Full = full,
            Incremental = incremental,
            Source = draft.File.Source,
            Macros = MacrosOf(model),
            Included = TemplateReach.FilesOf(draft.File.Template, model.Place.Dialect.Name, context),
            IsRenderedAtRun = model.HasAskedDatabase,
            ReadsClock = model.Full.HasReadClock || !instants.IsEmpty,
            Instants = instants,
            Fingerprint = "",
        };
        var fingerprint = FingerprintOf(node, model);
        return node with { Fingerprint = fingerprint.Now, FormerFingerprints = fingerprint.Earlier };
    }

    /// <summary>
    /// Everything that a rendering read, and what the text names without condition or doubt even where neither
    /// rendering came by.
    /// </summary>
    public IEnumerable<string> DependenciesOf(RenderedModel model)
    {
        var read = model
            .Texts.SelectMany(sql => sql.Slots)
            .Where(slot => slot.Kind != ReferenceKind.This)
            .Select(slot => slot.NodeId)
            .OfType<string>();
        return read.Concat(ReferencesInText(model).Select(reference => reference.Id))
            .Where(id => !context.Disabled.ContainsKey(id));
    }

    /// <summary>Where a model reads another one.</summary>
    public SourceSpan? PlaceOfReference(RenderedModel model, string id)
    {
        foreach (var slot in model.Texts.SelectMany(sql => sql.Slots))
        {
            if (slot.NodeId == id && slot.Kind != ReferenceKind.This)
                return slot.Origin.Outermost.Span;
        }
        foreach (var reference in ReferencesInText(model))
        {
            if (reference.Id == id)
                return reference.Span;
        }
        return null;
    }

    private IEnumerable<(string Id, SourceSpan Span)> ReferencesInText(RenderedModel model)
    {
        var template = model.Draft.File.Template;
        if (template.HasErrors)
            yield break;
        foreach (var call in template.Facts.Calls)
        {
            if (!call.IsConstant || call.Arguments.Any(argument => argument.Name is not (null or "filter")))
                continue;
            var texts = call
                .Arguments.Where(argument => argument.Name is null)
                .Select(argument => argument.Value as string)
                .ToArray();
            var id = (call.Name, texts) switch
            {
                ("ref" or "changes", [{ } name]) => context.Resolver.TryFindRef(name),
                ("source", [{ } source, { } table]) => context.Resolver.TryFindSource(source, table),
                _ => null,
            };
            if (id is not null)
                yield return (id, call.Span);
        }
    }

    private void Check(RenderedModel model)
    {
        var what = $"model '{model.Draft.Name}'";
        if (model.HasAskedDatabase)
            CheckAsking(model);
        else
            SqlChecks.CheckQuery(model.Full.Sql, what, model.Draft.Declaration, context.Diagnostics);
        if (model is { HasAskedDatabase: false, Incremental: { } incremental })
            SqlChecks.CheckQuery(incremental.Sql, what, model.Draft.Declaration, context.Diagnostics);
        foreach (var sql in model.Texts)
            ReferenceChecks.Check(sql, context);
        foreach (var hook in model.PreHooks.Concat(model.PostHooks))
            ReferenceChecks.CheckRelations(hook.Sql, context);
        StaticReferences.Check(model, context);
        ConfigChecks.Check(model, context.Diagnostics);
    }

    // its text stands in other models' SQL, which is there before anybody could be asked
    private void CheckAsking(RenderedModel model)
    {
        if (model.Place.IsEphemeral)
            context.Diagnostics.Add(SqlDiagnostics.EphemeralAsks(model.Draft.Declaration, model.Draft.Name));
    }

    // what was not written counts with its default, so that it can be selected by
    private static ImmutableSortedDictionary<string, object?> EffectiveConfig(RenderedModel model)
    {
        var values = model.Config.ToValues().ToBuilder();
        values.TryAdd("materialized", ConfigWords.NameOf(model.Settings.Config.Materialized));
        values.TryAdd("enabled", true);
        return values.ToImmutable();
    }

    private CompiledSql Link(SlottedSql sql, NodePlace place) =>
        context.Linker.Link(sql, place.Connection, place.Dialect);

    private CompiledSql LinkTimeless(RenderedSql rendered, CompiledSql? linked, NodePlace place) =>
        linked is not null
        && !rendered.HasReadClock
        && ReferenceEquals(context.TimelessLinker, context.Linker)
            ? linked
            : context.TimelessLinker.Link(rendered.Timeless, place.Connection, place.Dialect);

    private ImmutableArray<(string Sql, SourceSpan Place)> LinkHooks(
        RenderedModel model,
        ImmutableArray<RenderedSql> hooks,
        ImmutableArray<YamlScalar> written
    ) =>
        [
            .. hooks
                .Zip(written)
                .Select(hook =>
                    (
                        context.Linker.LinkText(hook.First.Sql, model.Place.Connection, model.Place.Dialect),
                        // a template that stands in YAML has no lines that a user could open
                        model.Draft.File.Place
                            is { } place
                        && hook.Second.Span.File == model.Draft.File.Source
                            ? place
                            : hook.Second.Span
                    )
                )
                .Where(hook => !string.IsNullOrWhiteSpace(hook.Item1)),
        ];

    private ImmutableArray<string> MacrosOf(RenderedModel model) =>
        [.. context.Project.Macros.Closure(model.Draft.File.Template.Facts, model.Place.Dialect.Name)];

    private NodeFingerprint FingerprintOf(ModelNode node, RenderedModel model)
    {
        var config = node.Config;
        using var fingerprint = new Fingerprint();
        fingerprint
            .AddRelation(node.Connection, node.Relation)
            .AddCode("full", LinkTimeless(model.Full, node.Full, model.Place))
            .AddCode(
                "incremental",
                model.Incremental is { } incremental
                    ? LinkTimeless(incremental, node.Incremental, model.Place)
                    : null
            )
            .Add(
                "materialized",
                [config.Materialized.ToString(), config.IncrementalStrategy?.ToString() ?? ""]
            )
            .Add("unique_key", config.UniqueKey)
            .Add("on_schema_change", config.OnSchemaChange.ToString())
            .Add("merge_update_columns", config.MergeUpdateColumns)
            .Add("merge_exclude_columns", config.MergeExcludeColumns)
            .Add("incremental_predicates", config.IncrementalPredicates)
            .Add("partition_by", config.PartitionBy)
            .Add("sequence_by", config.SequenceBy)
            .Add("event_time", config.Microbatch?.EventTime)
            .Add("pre_hook", model.Settings.PreHooks.Select(hook => hook.Text))
            .Add("post_hook", model.Settings.PostHooks.Select(hook => hook.Text));
        AddRendered(fingerprint, model.Settings.PreHooks, model.PreHooks, model.Place);
        AddRendered(fingerprint, model.Settings.PostHooks, model.PostHooks, model.Place);
        if (config.ContractEnforced == true)
            fingerprint.Add("contract", node.Columns.Select(column => $"{column.Name} {column.DataType}"));
        if (config.Materialized is Materialization.Cdc or Materialization.Snapshot)
            HistoryFingerprint.Add(fingerprint, config);
        IEnumerable<string> macros = node.Macros;
        if (model.HasAskedDatabase)
            macros = UnrenderedFingerprint.Add(fingerprint, model, context);
        foreach (var macro in macros)
            fingerprint.Add(macro, context.Project.Macros.Fingerprint(macro));
        return fingerprint.ComputeAll();
    }

    private void AddRendered(
        Fingerprint fingerprint,
        ImmutableArray<YamlScalar> written,
        ImmutableArray<RenderedSql> hooks,
        NodePlace place
    )
    {
        foreach (var (text, hook) in written.Zip(hooks))
        {
            if (hook.Timeless.Text != text.Text)
                fingerprint.Add("hook", LinkTimeless(hook, null, place));
        }
    }
}
