using Strata.Compiler.Diagnostics;

namespace Strata.Compiler.Project.Yaml;

/// <summary>What binding needs besides the tree.</summary>
/// <param name="Evaluate">Renders the <c>{{ }}</c> of a scalar; null (after reporting) when that fails.</param>
internal sealed record YamlContext(DiagnosticBag Diagnostics, Func<YamlScalar, YamlScalar?>? Evaluate = null)
{
    /// <summary>The scalar with its template rendered, if it holds one.</summary>
    public YamlScalar? Resolve(YamlScalar scalar) =>
        Evaluate is not null && scalar.Text.Contains("{{", StringComparison.Ordinal)
            ? Evaluate(scalar)
            : scalar;

    /// <summary>The same for all that stands in a list or a mapping; what cannot be rendered is left out.</summary>
    public YamlNode? Render(YamlNode node)
    {
        switch (node)
        {
            case YamlScalar scalar:
                return Resolve(scalar);
            case YamlSequence sequence:
                return new YamlSequence([.. sequence.Items.Select(Render).OfType<YamlNode>()], sequence.Span);
            case YamlMapping mapping:
                var entries = mapping
                    .Entries.Select(entry => (entry.Key, Value: Render(entry.Value)))
                    .Where(entry => entry.Value is not null)
                    .Select(entry => new YamlMapping.Entry(entry.Key, entry.Value ?? entry.Key));
                return new YamlMapping([.. entries], mapping.Span);
            default:
                return node;
        }
    }
}
