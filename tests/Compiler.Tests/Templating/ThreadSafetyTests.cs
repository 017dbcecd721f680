using Strata.Compiler.Templating;

namespace Strata.Compiler.Tests.Templating;

public sealed class ThreadSafetyTests
{
    [Fact]
    public void Render_OneTemplateOnManyThreads_GivesTheSameText()
    {
        var template = Rendering.Parse(
            "{{ for i in 1..50 }}{{ i | math.times 2 }}{{ [i] | array.cycle }}{{ end }}{{ string.upcase \"x\" }}"
        );
        var expected = Rendering.Text(template.Source.Text);

        Parallel.For(
            0,
            200,
            _ =>
                TemplateRenderer
                    .Render(template, TemplateScope.BuiltIns, TemplateLimits.Default, CancellationToken.None)
                    .Text.ShouldBe(expected)
        );
    }

    [Theory]
    [InlineData("{{ with date; format = \"%Y\"; format; end; date.format }}", "%Y%Y")]
    [InlineData("{{ d = date; with d; format = \"%Y\"; end; date.format }}", "%Y")]
    [InlineData("{{ with date; import { format: \"%Y\" }; end; date.format }}", "%Y")]
    [InlineData("{{ with date; with date; format = \"%Y\"; end; format; end }}", "%Y")]
    [InlineData(
        "{{ with date; readonly format; end; date.parse \"2024-03-05\" | date.to_string \"%Y\" }}",
        "2024"
    )]
    [InlineData("{{ d = date; d.format = \"%Y\"; d.format; d[\"format\"]; date.format }}", "%Y%Y%Y")]
    [InlineData("{{ d = date; o = { of: d }; o.of.format = \"%Y\"; d.format }}", "%Y")]
    [InlineData("{{ d = date; date = 5; d.format = \"%Y\"; d.format; date }}", "%Y5")]
    [InlineData("{{ date = date; date.format = \"%Y\"; date.format }}", "%Y")]
    [InlineData("{{ m = math; m.b = 3; m.b; math.b }}", "33")]
    // a name of the template's own is not taken away
    [InlineData("{{ d = date; date = 5; with d; format = \"%Y\"; end; date }}", "5")]
    public void Render_OfATemplateThatChangesBuiltIns_ChangesThemForItselfOnly(string template, string text)
    {
        Rendering.Text(template).ShouldBe(text);

        Rendering.Text("{{ date.format }} {{ date.format = \"x\"; date.format }}").ShouldBe("%d %b %Y x");
    }
}
