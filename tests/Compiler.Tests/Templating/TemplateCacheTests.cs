using Strata.Compiler.Templating;
using Strata.Compiler.Text;

namespace Strata.Compiler.Tests.Templating;

public sealed class TemplateCacheTests
{
    [Fact]
    public void Parse_TheSameTextTwice_GivesTheSameTemplate()
    {
        var cache = new TemplateCache();
        var first = cache.Parse(new SourceText("a.sql", "select {{ 1 }}"));

        cache.Parse(new SourceText("a.sql", "select {{ 1 }}")).ShouldBeSameAs(first);
        cache.Parse(new SourceText("a.sql", "select {{ 2 }}")).ShouldNotBeSameAs(first);
        cache.Parse(new SourceText("b.sql", "select {{ 1 }}")).ShouldNotBeSameAs(first);
        cache
            .Parse(new SourceText("a.sql", "select {{ 1 }}"), TemplateParseOptions.Lenient)
            .ShouldNotBeSameAs(first);
    }

    [Fact]
    public void KeepOnly_SomeTexts_ForgetsTheOthers()
    {
        var cache = new TemplateCache();
        var kept = new SourceText("a.sql", "1");
        cache.Parse(kept);
        cache.Parse(new SourceText("b.sql", "2"));

        cache.KeepOnly([kept]);

        cache.Count.ShouldBe(1);
    }

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
}
