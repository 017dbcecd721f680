using Strata.Compiler.Templating;

namespace Strata.Compiler.Tests.Templating;

/// <summary>Where we are stricter than the reference, or read more than it does.</summary>
public sealed class StrictModeTests
{
    [Theory]
    [InlineData("{{ 6 / 2 }}", "3")]
    [InlineData("{{ 7 / 2 }}", "3.5")]
    [InlineData("{{ 9007199254740993 / 1 }}", "9007199254740993")]
    [InlineData("{{ 7.5 // 2 }}", "3")]
    [InlineData("{{ [0, 1] != [0, 2] }}", "true")]
    [InlineData("{{ [0, 1] < [0, 2] }}", "true")]
    public void Arithmetic_OfWholeNumbers_StaysExact(string template, string expected) =>
        Rendering.Text(template).ShouldBe(expected);

    [Theory]
    [InlineData("{{ nope ?? 1 }}", "1")]
    [InlineData("{{ o = {}; o.x ?? 1 }}", "1")]
    [InlineData("{{ o = {}; o.x.y.z ?? 1 }}", "1")]
    [InlineData("{{ o = {}; o?.x?.y }}", "")]
    [InlineData("{{ nope?.x }}", "")]
    [InlineData("{{ xs = [1]; xs[7] ?? 2 }}", "2")]
    [InlineData("{{ (nope) ?? 1 }}", "1")]
    [InlineData("{{ nope ?! 1 }}", "")]
    public void UnknownName_BeforeACoalescingOperator_IsAQuestion(string template, string expected) =>
        Rendering.Text(template).ShouldBe(expected);

    [Theory]
    [InlineData("{{ f(\n  1,\n  2\n) }}", "3")]
    [InlineData("{{ x = (1\n + 2)\nx }}", "3")]
    [InlineData("{{ 1 +\n 2 }}", "3")]
    [InlineData("{{ \"a\"\n | string.upcase\n | string.append \"b\" }}", "Ab")]
    [InlineData("{{ [1, 2, 3][1] }}", "2")]
    [InlineData("{{ for i in 1..9 limit: 2; i; end }}", "12")]
    public void Expression_OverSeveralLines_GoesOn(string template, string expected) =>
        Rendering.Text("{{- func f(a, b); ret a + b; end -}}" + template).ShouldBe(expected);

    [Fact]
    public void Function_WithoutRet_HasItsTextAsValue()
    {
        const string macro = "{{ func quoted(x) }}\"{{ x }}\"{{ end }}";

        Rendering.Text(macro + "{{ quoted 1 }}").ShouldBe("\"1\"");
        Rendering.Text(macro + "{{ x = quoted 1 }}[{{ x }}]").ShouldBe("[\"1\"]");
        Rendering
            .Text(macro + "{{ [1, 2] | array.each @quoted | array.join \", \" }}")
            .ShouldBe("\"1\", \"2\"");
        Rendering.Text(macro + "{{ quoted(1) | string.replace \"1\" \"2\" }}").ShouldBe("\"2\"");
    }

    [Fact]
    public void Function_WithRet_DropsTheBlankTextAroundIt()
    {
        const string macro = "{{ func f(x) }}\n  {{ if x }}\n    {{ ret 1 }}\n  {{ end }}\n{{ end }}";

        Rendering.Text(macro + "{{ x = f true }}[{{ x + 1 }}]").ShouldBe("[2]");
    }

    [Fact]
    public void AnonymousFunction_SeesTheParametersAroundIt() =>
        Rendering
            .Text(
                "{{ func all(xs, suffix); ret xs | array.each do; ret $0 + suffix; end; end; all [1, 2] \"x\" }}"
            )
            .ShouldBe("[\"1x\", \"2x\"]");

    [Fact]
    public void For_OverNull_RunsElse() =>
        Rendering.Text("{{ for x in null; x; else; \"none\"; end }}").ShouldBe("none");

    [Fact]
    public void Output_BeyondTheLimit_IsAnErrorAndNotCut()
    {
        var error = Rendering.Error(
            "{{ for i in 1..100; \"0123456789\"; end }}",
            options: RenderOptions.Default with
            {
                Limits = new TemplateLimits { OutputLength = 100 },
            }
        );

        error.Code.ShouldBe("ST2203");
        error.Hint.ShouldNotBeNull().ShouldContain("templates.limits.output_length");
    }

    [Fact]
    public void Strings_CompareAndSort_IndependentOfTheMachine() =>
        Rendering
            .Text("{{ [\"b\", \"B\", \"a\"] | array.sort }} {{ 1.5 }} {{ \"I\" | string.downcase }}")
            .ShouldBe("[\"a\", \"b\", \"B\"] 1.5 i");
}
