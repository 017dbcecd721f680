using System.Collections.Immutable;
using Strata.Compiler.Analysis.Clock;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest.Building.Fingerprints;
using Strata.Compiler.Manifest.Building.Models;
using Strata.Compiler.Manifest.Tests;
using Strata.Compiler.Project.Configuration;
using Strata.Compiler.Project.Configuration.Settings;
using Strata.Compiler.Project.Properties;
using Strata.Compiler.Project.Yaml;
using Strata.Compiler.Rendering;
using Strata.Compiler.Rendering.Linking;
using Strata.Compiler.Text;

namespace Strata.Compiler.Manifest.Building.UnitTests;

/// <summary>Makes a node of every unit test: renders its model once more, with the test's overrides.</summary>
internal sealed class UnitTestBuilder(
    BuildContext context,
    ImmutableArray<RenderedModel> models,
    IReadOnlyDictionary<string, Node> nodes
)
{
    private readonly UnitTestRowsReader _rows = new(context);
    private readonly UnitTestInputs _inputs = new(context);
    private readonly UnitTestOverrides _overrides = new(context);
    private readonly Dictionary<string, RenderedModel> _models = models.ToDictionary(
        model => model.Draft.Name,
        StringComparer.Ordinal
    );

    public IEnumerable<UnitTestNode> Build()
    {
        var seen = new Dictionary<(string, string), SourceSpan>();
        foreach (var declaration in context.Project.Properties.SelectMany(file => file.UnitTests))
        {
            if (declaration is not { Name: { } name, Model: { } modelName, Expect: { } expect })
                continue;
            if (!_models.TryGetValue(modelName.Text, out var model))
            {
                ReportModel(modelName);
                continue;
            }
            if (!IsName(name.Text))
                context.Diagnostics.Add(ProjectDiagnostics.BadName(name.Span, "a unit test", name.Text));
            else if (!seen.TryAdd((modelName.Text, name.Text), name.Span))
                context.Diagnostics.Add(
                    ProjectDiagnostics.DescribedTwice(
                        "unit test",
                        name.Text,
                        seen[(modelName.Text, name.Text)],
                        name.Span
                    )
                );
            else if (Build(declaration, name, model, expect) is { } node)
                yield return node;
        }
    }

    private UnitTestNode? Build(
        UnitTestDeclaration declaration,
        YamlScalar name,
        RenderedModel model,
        UnitTestRowsDeclaration expected
    )
    {
        var diagnostics = new DiagnosticBag();
        var settings = SourceSettings.Block.Convert(declaration.Config, diagnostics);
        if (!settings.Enabled)
            return null;
        var (overrides, now, isIncremental) = _overrides.Read(declaration.Overrides, diagnostics);
        var binding = model.Binding with
        {
            Place = model.Place,
            IsIncremental = isIncremental,
            Overrides = overrides,
        };
        var given = _inputs.Find(declaration.Given, model, diagnostics);
        var rendered = Render(model, binding, now, given, diagnostics);
        if (rendered.HasAskedDatabase)
            diagnostics.Add(UnitTestDiagnostics.AsksEngine(name.Span, name.Text, model.Draft.Name));
        ImmutableArray<UnitTestInput> inputs =
        [
            .. given.Select(input =>
                input.Input with
                {
                    Rows = _rows.Read(input.Declaration, binding, diagnostics),
                }
            ),
        ];
        _inputs.CheckRead(inputs, model, rendered.Sql, isIncremental, diagnostics);
        var expect = _rows.Read(expected, binding, diagnostics);
        if (expect is null && expected is { Rows: null, Fixture: null })
            diagnostics.Add(
                UnitTestDiagnostics.BadRows(
                    expected.Span,
                    "what is expected has no rows",
                    "write 'rows: []' for none"
                )
            );
        context.Diagnostics.AddRange(diagnostics.ToSorted());
        if (expect is null || diagnostics.HasErrors)
            return null;
        ImmutableArray<string> folders = [.. model.Draft.Fqn.Skip(1)];
        var node = new UnitTestNode
        {
            UniqueId = $"unit_test.{context.Project.Name}.{model.Draft.Name}.{name.Text}",
            Name = name.Text,
            Fqn = [context.Project.Name, .. folders, name.Text],
            Path = declaration.Span.File.Path,
            Description = declaration.Description,
            Tags = [.. settings.Tags.Distinct().Order(StringComparer.Ordinal)],
            Meta = settings.Meta,
            ConfigValues = declaration.Config.ToValues(),
            DependsOn = [model.Draft.Id],
            Declaration = name.Span,
            Model = model.Draft.Id,
            Connection = model.Place.Connection,
            Engine = model.Place.Dialect.Engine,
            Sql = rendered.Sql,
            OverridesText = declaration.Overrides?.Span.Text ?? "",
            IsIncremental = isIncremental,
            Given = inputs,
            Expect = expect,
            Tolerance = declaration.Tolerance,
            ReadsClock = now is null && rendered.ReadsClock,
            Fingerprint = "",
        };
        return node with { Fingerprint = UnitTestFingerprint.Of(node, rendered.Timeless, nodes) };
    }

    private Rendering Render(
        RenderedModel model,
        NodeBinding binding,
        DateTimeOffset? now,
        ImmutableArray<(UnitTestInput Input, UnitTestRowsDeclaration Declaration)> given,
        DiagnosticBag diagnostics
    )
    {
        // what is wrong with the model's template in any case has been reported
        var template = model.Draft.File.Template;
        var unseen = new DiagnosticBag();
        var sql = context.Renderer.Render(template, binding, model.Full.Sql.HasErrors ? unseen : diagnostics);
        var timeless = sql.HasReadClock
            ? context.Renderer.Render(template, binding with { IsTimeless = true }, unseen)
            : sql;
        if (!sql.HasAskedDatabase)
            SqlChecks.CheckQuery(sql, $"model '{model.Draft.Name}'", model.Draft.Declaration, unseen);
        // an ephemeral model that rows are given for is a relation like any other
        var isGiven = given.Select(input => input.Input.NodeId).ToHashSet(StringComparer.Ordinal);
        var ephemerals = models
            .Where(other => other.Place.IsEphemeral && !isGiven.Contains(other.Draft.Id))
            .ToDictionary(
                other => other.Draft.Id,
                other => WithClock(other.Full.Sql, now),
                StringComparer.Ordinal
            );
        var linker = new SqlLinker(
            context.Places,
            ephemerals,
            models
                .Where(other => other.Place.IsEphemeral)
                .ToDictionary(other => other.Draft.Id, other => other.Draft.Name, StringComparer.Ordinal)
        );
        var (connection, dialect) = (model.Place.Connection, model.Place.Dialect);
        return new Rendering(
            linker.Link(WithClock(sql, now), connection, dialect),
            linker.Link(WithClock(timeless, now), connection, dialect),
            sql.HasAskedDatabase,
            sql.HasReadClock
                || ClockOverride.IsNeeded(sql.Text)
                || ephemerals.Values.Any(inner => ClockOverride.IsNeeded(inner.Text))
        );
    }

    private static SlottedSql WithClock(SlottedSql sql, DateTimeOffset? now) =>
        now is { } instant ? ClockOverride.Apply(sql, instant) : sql;

    private void ReportModel(YamlScalar name)
    {
        // while a file cannot be read, or the model has errors of its own, nobody can say that there is none
        var disabled = context.Disabled.Values.Contains($"model '{name.Text}'");
        if (disabled)
            context.Diagnostics.Add(ReferenceDiagnostics.Disabled(name.Span, $"model '{name.Text}'"));
        else if (context.Project.IsComplete)
            context.Diagnostics.Add(UnitTestDiagnostics.UnknownModel(name.Span, name.Text, _models.Keys));
    }

    // it is a part of the unique id
    private static bool IsName(string name) =>
        name.Length > 0 && !name.Contains('.') && !name.Any(char.IsWhiteSpace);

    private sealed record Rendering(
        CompiledSql Sql,
        CompiledSql Timeless,
        bool HasAskedDatabase,
        bool ReadsClock
    );
}
