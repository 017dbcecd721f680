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
}
