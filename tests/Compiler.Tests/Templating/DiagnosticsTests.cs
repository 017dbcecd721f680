using Strata.Compiler.Diagnostics;
using Strata.Compiler.Templating;
using Strata.Compiler.Text;

namespace Strata.Compiler.Tests.Templating;

public sealed class DiagnosticsTests
{
    [Fact]
    public void Parse_SeveralMistakes_ReportsAllOfThem()
    {
        var template = Rendering.Parse(
            """
            select {{ 1 + }},
              {{ x = }},
              {{ "\q" }}
            from {{ ref "a" }}
            {{ if true }}
            """
        );

        template
            .Diagnostics.Select(diagnostic => (diagnostic.Code, diagnostic.Span?.Start.Line))
            .ShouldBe([("ST2002", 1), ("ST2002", 2), ("ST2012", 3), ("ST2004", 5)]);
    }

    [Theory]
    // no bracket of a later statement closes one that was left open
    [InlineData("{{ x = (1 + 2\ny = [3 4]\nz = ) }}", "2 3")]
    [InlineData("{{ x = [1, (2]; y = (3, 4) }}", "1 1")]
    [InlineData("{{ x = f(1, [2 3) }}", "1")]
    // what is wrong within brackets that close is one mistake
    [InlineData("{{ x = (1, (3, 4), 5)\ny = ) }}", "1 2")]
    public void Parse_BracketsLeftOpen_ReportsEachMistakeOnce(string text, string lines) =>
        string.Join(' ', Rendering.Parse(text).Diagnostics.Select(diagnostic => diagnostic.Span?.Start.Line))
            .ShouldBe(lines);

    [Fact]
    public void Parse_UnclosedBlock_PointsAtItsOpening()
    {
        var template = Rendering.Parse("select 1\n{{ for x in [1] }}\n  {{ x }}\n");

        DiagnosticRenderer
            .Render(template.Diagnostics.ShouldHaveSingleItem())
            .ShouldBe(
                """
                error ST2004: 'for' is never closed
                  --> models/m.sql:2:4
                   |
                 2 | {{ for x in [1] }}
                   |    ^^^
                   = hint: every block is closed by its own {{ end }}

                """
            );
    }

    [Theory]
    [InlineData("{{ amuont }}", "did you mean 'amount'?")]
    [InlineData("{{ order.totl }}", "did you mean 'total'?")]
    [InlineData("{{ order[\"totl\"] }}", "did you mean 'total'?")]
    [InlineData("{{ string.upcas \"a\" }}", "did you mean 'string.upcase'?")]
    [InlineData("{{ \"a\" | strin.upcase }}", "did you mean 'string'?")]
    [InlineData("{{ reff \"a\" }}", "did you mean 'ref'?")]
    [InlineData("{{ ref nam: \"a\" }}", "did you mean 'name'?")]
    [InlineData("{{ $amuont = 1; $amount }}", "did you mean '$amuont'?")]
    public void Render_MisspelledName_SuggestsTheKnownOne(string template, string hint)
    {
        var scope = Rendering.Scope(
            ("amount", 1),
            ("order", new Dictionary<string, object?> { ["total"] = 5 }),
            ("ref", TemplateFunction.Create("ref", [new TemplateParameter("name")], call => call.Text(0)))
        );

        Rendering.Error(template, scope).Hint.ShouldBe(hint);
    }

    [Fact]
    public void Render_ErrorInsideAMacro_ShowsTheCallsThatLedThere()
    {
        var library = MacroLibrary.Load([
            Rendering.Parse("{{ func outer(x) }}\n{{ inner x }}\n{{ end }}", "macros/outer.sql"),
            Rendering.Parse("{{ func inner(x) }}\n  {{ x.missing }}\n{{ end }}", "macros/inner.sql"),
        ]);

        var error = Rendering.Error("select\n  {{ outer {a: 1} }}", library.ToScope());

        DiagnosticRenderer
            .Render(error)
            .ShouldBe(
                """
                error ST2103: 'x' has no member 'missing'
                  --> macros/inner.sql:2:8  in 'inner'
                  --> macros/outer.sql:2:4  calls 'inner'
                  --> models/m.sql:2:6      calls 'outer'
                   = hint: to ask whether it has one, write '?.' or 'x.y ?? default'

                """
            );
    }

    [Fact]
    public void Render_TemplateWithErrors_IsRefused()
    {
        var result = Rendering.Render("select {{ 1 + }}");

        result.Text.ShouldBeEmpty();
        result.Diagnostics.Select(diagnostic => diagnostic.Code).ShouldBe(["ST2002", "ST2138"]);
    }

    [Fact]
    public void Render_CancelledToken_Throws()
    {
        using var cancellation = new CancellationTokenSource();
        cancellation.Cancel();
        var template = Rendering.Parse("{{ while true; end }}");

        Should.Throw<OperationCanceledException>(() =>
            TemplateRenderer.Render(
                template,
                TemplateScope.BuiltIns,
                new TemplateLimits { Iterations = 0 },
                cancellation.Token
            )
        );
    }

    [Fact]
    public void Parse_CodeBlockLeftOpen_IsAnErrorOnlyWhenStrict()
    {
        Rendering.Parse("{{ 1").Diagnostics.ShouldHaveSingleItem().Code.ShouldBe("ST2009");
        Template.Parse(new SourceText("m", "{{ 1"), TemplateParseOptions.Lenient).HasErrors.ShouldBeFalse();
    }

    [Theory]
    [InlineData("{% if x %}", "ST2026")]
    [InlineData("{%- set x = 1 -%}", "ST2026")]
    [InlineData("{% include 'x' %}", "ST2026")]
    [InlineData("{% x %}", "ST2026")]
    [InlineData("{% if x %} 1 {% elif y %} 2 {% else %} 3 {% endif %}", "ST2026")]
    [InlineData("{# it's one #} select 'a'", "ST2026")]
    [InlineData("select '{{ 1 }}' {% if x %}", "ST2026")]
    [InlineData("select '{% if x %}{{ 1 }}{# a #}' || e'\\'{# b #}'", null)]
    [InlineData("select 1 -- {% if x %} {# a #}\n/* {# b #} {{ 1 }} {% if x %} */", null)]
    [InlineData("select $${# a #}$$, $t${% if x %}$t$, \"{# c #}\"", null)]
    [InlineData("select {'a': 1}, {'%': 2}, 5 {%}", null)]
    [InlineData("where a like '{%}' and b like '{%x'", null)]
    [InlineData("{%{ {% if x %} }%}", null)]
    public void Parse_JinjaInText_IsReportedWhereItBegins(string text, string? code) =>
        Rendering
            .Parse(text)
            .Diagnostics.Select(diagnostic => diagnostic.Code)
            .ShouldBe(code is null ? [] : [code]);

    [Theory]
    [InlineData("{% if x %}", true)]
    [InlineData("{% endfor %}", true)]
    [InlineData("{% x %}", false)]
    [InlineData("{# a #}", false)]
    public void Parse_JinjaInText_IsAnErrorWhereItCannotBeMeant(string text, bool isError) =>
        Rendering.Parse(text).HasErrors.ShouldBe(isError);

    [Theory]
    [InlineData("{{ if false; 1; else; 2; else; 3; end }}")]
    [InlineData("{{ if false; 1; else; 2; else if true; 3; end }}")]
    [InlineData("{{ for x in []; 1; else; 2; else; 3; end }}")]
    [InlineData("{{ case 1; when 1; 1; else; 2; else; 3; end }}")]
    public void Parse_SecondElse_IsNotDroppedInSilence(string text)
    {
        var error = Rendering.Error(text);
        error.Code.ShouldBe("ST2006");
        text[error.Span!.Value.Span.Start..].ShouldStartWith("else");
        error.Span!.Value.Span.Start.ShouldBe(text.LastIndexOf("else", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("{{ true and false }}", "write '&&' for 'and'")]
    [InlineData("{{ x = 1; x in [1] }}", "write 'list | array.contains item'")]
    [InlineData("{{ f(a=1) }}", "arguments are named with ':', as in f(name: value)")]
    [InlineData("{{ if x = 1 }}{{ end }}", "compare with '=='")]
    public void Parse_WordsOfOtherLanguages_AreExplained(string text, string hint) =>
        Rendering.Error(text).Hint.ShouldBe(hint);
}
