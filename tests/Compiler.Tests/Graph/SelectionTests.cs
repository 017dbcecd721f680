using FsCheck;
using FsCheck.Fluent;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Graph.Selection;
using Strata.Compiler.Tests.Project;

namespace Strata.Compiler.Tests.Graph;

public sealed class SelectionTests
{
    [Theory]
    [InlineData("tags:x", "error ST3101: there is no selection method 'tags'")]
    [InlineData("@a+", "error ST3102: '@a+' has both '@' and a '+' at its end")]
    public void Parse_WhatCannotBeUnderstood_IsReported(string word, string message)
    {
        var diagnostics = new DiagnosticBag();

        Parse([word], [], IndirectSelection.Eager, diagnostics).ShouldBeNull();

        DiagnosticRenderer.Render(diagnostics.ToSorted().ShouldHaveSingleItem()).ShouldStartWith(message);
    }

    [Fact]
    public void Select_NothingFound_WarnsWithTheNearestName()
    {
        using var project = Shop();
        var diagnostics = new DiagnosticBag();
        var criteria = Parse(["ordres"], [], IndirectSelection.Eager, diagnostics)!;

        NodeSelector.Select(project.Manifest(), criteria, EarlierRuns.None, diagnostics).ShouldBeEmpty();

        DiagnosticRenderer
            .Render(diagnostics.ToSorted().ShouldHaveSingleItem())
            .ShouldBe(
                """
                warning ST3104: 'ordres' selects nothing
                  --> --select:1:1
                   |
                 1 | ordres
                   | ^^^^^^
                   = hint: did you mean 'orders'?

                """
            );
    }

    [Theory]
    [InlineData("layer:gold", "orders")]
    [InlineData("engine:postgres", "not_null_orders_id orders")]
    [InlineData("config.materialized:view", "raw_orders")]
    [InlineData("resource_type:model", "orders raw_orders")]
    [InlineData("source:landing", "orders_file")]
    [InlineData("+orders", "orders orders_file raw_orders")]
    [InlineData("1+orders", "orders raw_orders")]
    [InlineData("tag:daily", "orders")]
    [InlineData("models/bronze", "raw_orders")]
    [InlineData("raw_orders.sql", "raw_orders")]
    [InlineData("test_name:not_null", "not_null_orders_id")]
    [InlineData("group:sal*", "orders")]
    [InlineData("access:protected", "orders raw_orders")]
    [InlineData("version:none", "orders raw_orders")]
    [InlineData("version:latest", "")]
    public void Select_OneWord_FindsWhatItNames(string word, string expected)
    {
        using var project = Shop();
        var manifest = project.Manifest();
        var criteria = Parse([word], [], IndirectSelection.Empty, new DiagnosticBag())!;

        var names = NodeSelector
            .Select(manifest, criteria, EarlierRuns.None)
            .Select(id => manifest.Nodes[id].Name);

        string.Join(' ', names.Order()).ShouldBe(expected);
    }

    [Theory]
    [InlineData(",")]
    [InlineData("orders,")]
    [InlineData("tag:daily,,orders")]
    public void Select_NothingBetweenCommas_IsAnError(string words)
    {
        var diagnostics = new DiagnosticBag();

        Parse([], [words], IndirectSelection.Eager, diagnostics).ShouldBeNull();

        diagnostics.ToSorted().ShouldHaveSingleItem().Code.ShouldBe("ST3105");
    }

    [Fact]
    public void Select_WordsAndExclusions_AreSetAlgebra()
    {
        using var project = Shop();
        var manifest = project.Manifest();
        var words = new[]
        {
            "orders",
            "+orders",
            "raw_orders+",
            "tag:daily",
            "layer:*",
            "source:*",
            "nothing",
        };

        Prop.ForAll(
                Gen.Elements(words).ToArbitrary(),
                Gen.Elements(words).ToArbitrary(),
                (a, b) =>
                {
                    Select($"{a} {b}").ShouldBe(Select(a).Union(Select(b)), ignoreOrder: true);
                    Select($"{a},{b}").ShouldBe(Select(a).Intersect(Select(b)), ignoreOrder: true);
                    Select(a, b).ShouldBe(Select(a).Except(Select(b)), ignoreOrder: true);
                    Select($"{a} {b}").ShouldBe(Select($"{b} {a}"), ignoreOrder: true);
                }
            )
            .QuickCheckThrowOnFailure();

        IEnumerable<string> Select(string select, params string[] exclude) =>
            NodeSelector.Select(
                manifest,
                Parse([select], exclude, IndirectSelection.Empty, new DiagnosticBag())!,
                EarlierRuns.None
            );
    }

    // the test reads both models; each alone leaves it pending where all of its parents must be selected
    [Theory]
    [InlineData("a b", "", "a b both")]
    [InlineData("a b", "both", "a b")]
    [InlineData("a b", "resource_type:test", "a b")]
    [InlineData("a,b both", "", "both")]
    [InlineData("a,a both", "", "a both")]
    [InlineData("a b", "b", "a both")]
    public void Select_TestOfTwoModels_JoinsUnlessItIsExcluded(string select, string exclude, string expected)
    {
        SelectableNode Node(string type, string name, params string[] dependsOn) =>
            new()
            {
                Id = $"{type}.p.{name}",
                ResourceType = type,
                Name = name,
                Package = "p",
                Path = $"models/{name}.sql",
                Fqn = ["p", name],
                Tags = [],
                DependsOn = [.. dependsOn],
            };
        var selector = new NodeSelector(
            [Node("model", "a"), Node("model", "b"), Node("test", "both", "model.p.a", "model.p.b")],
            "p"
        );
        foreach (var mode in new[] { IndirectSelection.Cautious, IndirectSelection.Buildable })
        {
            var criteria = Parse([select], exclude.Length == 0 ? [] : [exclude], mode, new DiagnosticBag())!;
            string.Join(' ', selector.Select(criteria).Select(id => id.Split('.')[2]).Order())
                .ShouldBe(expected, mode.ToString());
        }
    }

    private static SelectionCriteria? Parse(
        string[] select,
        string[] exclude,
        IndirectSelection mode,
        DiagnosticBag diagnostics
    ) => SelectionParser.Parse(select, exclude, mode, NamedSelectors.None, diagnostics);

    private static TestProject Shop() =>
        new(
            (
                "models/sources.yml",
                """
                sources:
                  - name: landing
                    tables: [{ name: orders_file, files: { path: "landing/*.csv", format: csv } }]
                """
            ),
            ("models/bronze/raw_orders.sql", """select * from {{ source "landing" "orders_file" }}"""),
            (
                "models/gold/orders.sql",
                """
                {{ config materialized: "table" tags: ["daily"] group: "sales" }}
                select * from {{ ref "raw_orders" }}
                """
            ),
            (
                "models/gold/gold.yml",
                """
                models:
                  - name: orders
                    columns: [{ name: id, tests: [not_null] }]
                """
            )
        );
}
