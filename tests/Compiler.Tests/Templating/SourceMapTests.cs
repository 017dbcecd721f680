using Strata.Compiler.Templating;
using Strata.Compiler.Text;

namespace Strata.Compiler.Tests.Templating;

public sealed class SourceMapTests
{
    [Fact]
    public void Find_CopiedText_LeadsToItsCharacter()
    {
        var result = Rendering.Render("select\n  {{ 1 }} as one,\n  wrong\nfrom t");

        var origin = Find(result, "wrong");

        origin.Span.Start.ShouldBe(new LinePosition(3, 3));
        origin.CalledFrom.ShouldBeNull();
    }

    [Fact]
    public void Find_PrintedValue_LeadsToItsExpression()
    {
        var result = Rendering.Render("select {{ \"a\" | string.upcase }}, b");

        result.Text.ShouldBe("select A, b");
        Find(result, "A").Span.Text.ShouldBe("\"a\" | string.upcase");
        Find(result, ", b").Span.Start.ShouldBe(new LinePosition(1, 33));
    }

    [Fact]
    public void Find_TextOfAMacro_LeadsIntoTheMacroAndBackToTheCall()
    {
        var library = MacroLibrary.Load([
            Rendering.Parse("{{ func cents(c) }}round({{ c }} / 100.0){{ end }}", "macros/cents.sql"),
        ]);
        var result = Rendering.Render("select\n  {{ cents \"amount\" }}\nfrom t", library.ToScope());

        result.Text.ShouldBe("select\n  round(amount / 100.0)\nfrom t");
        var origin = Find(result, "/ 100.0");
        origin.Span.File.Path.ShouldBe("macros/cents.sql");
        origin.Span.Start.ShouldBe(new LinePosition(1, 34));
        origin.CalledFrom.ShouldNotBeNull().Span.Text.ShouldBe("cents \"amount\"");
        origin.Outermost.Span.Start.ShouldBe(new LinePosition(2, 6));
        Find(result, "amount").Span.Text.ShouldBe("c");
    }

    [Fact]
    public void Find_TextOfAnInclude_LeadsIntoTheIncludedTemplate()
    {
        var result = Rendering.Render(
            "with x as (\n    {{ include \"inner\" }}\n)",
            options: RenderOptions.Default with
            {
                Loader = new Loader(),
            }
        );

        result.Text.ShouldBe("with x as (\n    select 1\n    from wrong\n)");
        var origin = Find(result, "wrong");
        origin.Span.File.Path.ShouldBe("inner");
        origin.Span.Start.ShouldBe(new LinePosition(2, 6));
        origin.Outermost.Span.Start.ShouldBe(new LinePosition(2, 8));
    }

    [Fact]
    public void Segments_OfAnyRender_CoverTheTextInOrder()
    {
        var result = Rendering.Render(
            "a\n  {{ for x in [1, 2] }}\n x{{ x }}\n  {{ end }}\n{{~ capture c }}c{{ end ~}}\n{{ c }}"
        );

        var end = 0;
        foreach (var segment in result.Map.Segments)
        {
            segment.OutputStart.ShouldBe(end);
            end += segment.OutputLength;
            if (segment.IsVerbatim)
            {
                segment.Origin.Span.Text.ShouldBe(
                    result.Text.Substring(segment.OutputStart, segment.OutputLength)
                );
            }
        }
        end.ShouldBe(result.Text.Length);
    }

    private static SourceOrigin Find(RenderResult result, string text)
    {
        result.Diagnostics.ShouldBeEmpty();
        var offset = result.Text.IndexOf(text, StringComparison.Ordinal);
        offset.ShouldBeGreaterThanOrEqualTo(0, result.Text);
        return result.Map.Find(offset).ShouldNotBeNull();
    }

    private sealed class Loader : ITemplateLoader
    {
        public Template? Load(string name) => Rendering.Parse("select 1\nfrom wrong", name);
    }
}
