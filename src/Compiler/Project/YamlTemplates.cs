using Strata.Compiler.Diagnostics;
using Strata.Compiler.Project.Yaml;
using Strata.Compiler.Templating;
using Strata.Compiler.Text;

namespace Strata.Compiler.Project;

/// <summary>Renders the <c>{{ }}</c> in values of YAML files.</summary>
/// <param name="onUnrepeatable">Called when one asks for the clock, or for chance.</param>
internal sealed class YamlTemplates(TemplateScope scope, Action onUnrepeatable, DiagnosticBag diagnostics)
{
    private readonly RenderOptions _options = RenderOptions.Default with { OnUnrepeatable = onUnrepeatable };

    /// <summary>The rendered value, typed as if it were written plain; null, after reporting, when it fails.</summary>
    public YamlScalar? Evaluate(YamlScalar scalar)
    {
        var source = new SourceText(scalar.Span.File.Path, scalar.Text);
        var template = Template.Parse(source);
        var result = template.HasErrors
            ? null
            : TemplateRenderer.Render(template, scope, _options, CancellationToken.None);
        var placement = new YamlPlacement(source, scalar);
        diagnostics.AddRange((result?.Diagnostics ?? template.Diagnostics).Select(placement.Move));
        return result is null || result.HasErrors ? null : YamlScalar.Plain(result.Text, scalar.Span);
    }
}
