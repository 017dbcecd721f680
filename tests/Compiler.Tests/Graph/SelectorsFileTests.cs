using Strata.Compiler.Diagnostics;
using Strata.Compiler.Graph.Selection;
using Strata.Compiler.Text;

namespace Strata.Compiler.Tests.Graph;

public sealed class SelectorsFileTests
{
    [Theory]
    [InlineData("definition: +tag:x", "a b t")]
    [InlineData("definition: 'fqn:b'", "b t")]
    [InlineData("definition: { tag: x }", "b t")]
    [InlineData("definition: { method: tag, value: x, parents: true }", "a b t")]
    [InlineData("definition: { method: fqn, value: a, children: true, children_depth: 1 }", "a b t")]
    [InlineData("definition: { method: fqn, value: a, children: true, children_depth: 0 }", "a")]
    [InlineData("definition: { method: fqn, value: b, childrens_parents: true }", "a b c t")]
    [InlineData("definition: { method: tag, value: x, indirect_selection: empty }", "b")]
    [InlineData("definition: { method: fqn, value: '*', exclude: [a, { tag: x }] }", "c")]
    [InlineData("definition: { union: [a, { fqn: b }] }", "a b t")]
    [InlineData("definition: { intersection: [+b, { fqn: b }] }", "b t")]
    [InlineData("definition: { union: [a, b, { exclude: [b] }] }", "a")]
    [InlineData("definition: { union: [selector:other, c] }", "a c")]
    [InlineData("definition: selector:oth*", "a")]
    [InlineData("definition: 1+selector:with_b", "a b")]
    public void Select_Definition_MeansWhatTheCommandLineWould(string definition, string expected)
    {
        var diagnostics = new DiagnosticBag();
        var selectors = Read(
            $$"""
            selectors:
              - name: it
                description: what is tried
                {{definition}}
              - { name: other, definition: { fqn: a } }
              - { name: with_b, definition: { method: fqn, value: b, indirect_selection: empty } }
            """,
            diagnostics
        );

        var criteria = SelectionParser.ParseSelector("it", IndirectSelection.Eager, selectors, diagnostics)!;
        var found = Selector().Select(criteria, diagnostics);

        diagnostics.ToSorted().ShouldBeEmpty();
        Names(found).ShouldBe(expected);
    }

    [Fact]
    public void Parse_NothingSelected_MeansTheDefaultSelector()
    {
        var diagnostics = new DiagnosticBag();
        var selectors = Read(
            """
            selectors:
              - { name: other, definition: a }
              - { name: usual, default: true, definition: { method: tag, value: x, indirect_selection: empty } }
            """,
            diagnostics
        );

        Names(Selected([], [])).ShouldBe("b");
        // whoever takes something away means to take it from everything
        Names(Selected([], ["b"])).ShouldBe("a c");
        Names(Selected(["c"], [])).ShouldBe("c");

        IEnumerable<string> Selected(string[] select, string[] exclude) =>
            Selector()
                .Select(
                    SelectionParser.Parse(select, exclude, IndirectSelection.Eager, selectors, diagnostics)!
                );
    }

    [Theory]
    [InlineData("{ method: tag, value: 'my team: core' }")]
    [InlineData("{ method: tag, value: 'x,tag:y' }")]
    [InlineData("{ tag: 'sla tier:1' }")]
    [InlineData("'tag:sla tier:1'")]
    public void AValueWithAColon_IsOneWord_UnlessAMethodStandsBeforeIt(string definition)
    {
        var diagnostics = new DiagnosticBag();

        SelectorsFile.Read(
            new SourceText("selectors.yml", $"selectors: [{{ name: a, definition: {definition} }}]"),
            diagnostics
        );

        diagnostics.ToSorted().ShouldBeEmpty();
    }

    [Theory]
    [InlineData("- { name: a, definition: b }", "ST3108: selectors.yml has no list 'selectors'")]
    [InlineData("selectors: []\nselector: []", "ST3109: 'selector' has no meaning here")]
    [InlineData("selectors: [a]", "ST3108: a selector is text")]
    [InlineData("selectors: [{ definition: a }]", "ST3108: a selector has no name")]
    [InlineData("selectors: [{ name: a }]", "ST3108: the selector 'a' has no definition")]
    [InlineData(
        "selectors: [{ name: a, definition: b, defualt: true }]",
        "ST3109: 'defualt' has no meaning here"
    )]
    [InlineData("selectors: [{ name: a, definition: }]", "ST3108: a selection cannot be read: it is nothing")]
    [InlineData(
        "selectors: [{ name: a, definition: [b] }]",
        "ST3108: a selection cannot be read: it is a list"
    )]
    [InlineData(
        "selectors: [{ name: a, definition: tags:x }]",
        "ST3101: there is no selection method 'tags'"
    )]
    [InlineData(
        "selectors: [{ name: a, definition: { tags: x } }]",
        "ST3101: there is no selection method 'tags'"
    )]
    [InlineData(
        "selectors: [{ name: a, definition: { method: tag } }]",
        "ST3108: 'method' and 'value' belong together"
    )]
    [InlineData(
        "selectors: [{ name: a, definition: { method: tag, value: x, parents: 2 } }]",
        "ST3108: 'parents' is '2'"
    )]
    [InlineData(
        "selectors: [{ name: a, definition: { method: tag, value: x, parents: true, parents_depth: all } }]",
        "ST3108: 'parents_depth' is 'all'"
    )]
    [InlineData(
        "selectors: [{ name: a, definition: { method: tag, value: x, indirect_selection: 1 } }]",
        "ST3108: 'indirect_selection' is '1'"
    )]
    [InlineData(
        "selectors: [{ name: a, definition: { method: tag, value: x, children: true, childrens_parents: true } }]",
        "ST3108: 'childrens_parents' and 'children' are both given"
    )]
    [InlineData("selectors: [{ name: a, definition: { exclude: [b] } }]", "ST3108: 'exclude' stands alone")]
    [InlineData("selectors: [{ name: a, definition: { union: b } }]", "ST3108: 'union' is text")]
    [InlineData("selectors: [{ name: a, definition: { union: [] } }]", "ST3108: a list selects nothing")]
    [InlineData(
        "selectors: [{ name: a, definition: { union: [b, { exclude: [c] }, { exclude: [d] }] } }]",
        "ST3108: a list has 'exclude' twice"
    )]
    [InlineData(
        "selectors: [{ name: a, definition: b }, { name: a, definition: c }]",
        "ST3108: there are two selectors 'a'"
    )]
    [InlineData(
        "selectors: [{ name: a, default: true, definition: b }, { name: c, default: true, definition: b }]",
        "ST3108: 'c' is the second selector with 'default: true'"
    )]
    [InlineData("selectors: [{ name: a, definition: 'b,c' }]", "ST3108: 'b,c' is more than one word")]
    [InlineData(
        "selectors: [{ name: a, definition: 'tag:x,tag:y' }]",
        "ST3108: 'tag:x,tag:y' is more than one word"
    )]
    [InlineData(
        "selectors: [{ name: a, definition: 'tag:x +config.materialized:y' }]",
        "ST3108: 'tag:x +config.materialized:y' is more than one word"
    )]
    [InlineData(
        "selectors: [{ name: a, definition: { tag: 'x,tag:y' } }]",
        "ST3108: 'x,tag:y' is more than one word"
    )]
    [InlineData(
        "selectors: [{ name: a, definition: { method: tag, value: [x, y] } }]",
        "ST3108: 'value' is a list"
    )]
    [InlineData(
        "selectors: [{ name: a, default: 'true', definition: b }]",
        "ST3108: 'default' is the text \"true\""
    )]
    [InlineData(
        "selectors: [{ name: a, definition: { union: [b c] } }]",
        "ST3108: 'b c' is more than one word"
    )]
    [InlineData("selectors: [{ name: a, definition: selector:c }]", "ST3106: there is no selector 'c'")]
    [InlineData(
        "selectors: [{ name: a, definition: selector:a }]",
        "ST3107: the selector 'a' refers to itself: a -> a"
    )]
    public void Read_Mistake_IsReportedWhereItIs(string text, string message)
    {
        var diagnostics = new DiagnosticBag();

        Read(text, diagnostics);

        var found = diagnostics.ToSorted().ShouldHaveSingleItem();
        DiagnosticRenderer.Render(found).ShouldStartWith($"error {message}");
        found.Span.ShouldNotBeNull().File.Path.ShouldBe("selectors.yml");
        found.Hint.ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public void Read_Circle_IsReportedOnceAtEachOfItsReferences()
    {
        var diagnostics = new DiagnosticBag();

        Read(
            """
            selectors:
              - { name: a, definition: { union: [x, selector:b] } }
              - { name: b, definition: { union: [selector:a] } }
            """,
            diagnostics
        );

        diagnostics
            .ToSorted()
            .Select(found => found.Message)
            .ShouldBe([
                "the selector 'b' refers to itself: b -> a -> b",
                "the selector 'a' refers to itself: a -> b -> a",
            ]);
    }

    private static NamedSelectors Read(string text, DiagnosticBag diagnostics) =>
        SelectorsFile.Read(new SourceText(SelectorsFile.Name, text), diagnostics);

    private static string Names(IEnumerable<string> ids) =>
        string.Join(' ', ids.Select(id => id.Split('.')[2]).Order());

    // a <- b <- c, and a test of b
    private static NodeSelector Selector()
    {
        static SelectableNode Node(string type, string name, string[] tags, params string[] dependsOn) =>
            new()
            {
                Id = $"{type}.p.{name}",
                ResourceType = type,
                Name = name,
                Package = "p",
                Path = $"models/{name}.sql",
                Fqn = ["p", name],
                Tags = [.. tags],
                DependsOn = [.. dependsOn],
            };
        return new NodeSelector(
            [
                Node("model", "a", []),
                Node("model", "b", ["x"], "model.p.a"),
                Node("model", "c", [], "model.p.b"),
                Node("test", "t", [], "model.p.b"),
            ],
            "p"
        );
    }
}
