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
}
