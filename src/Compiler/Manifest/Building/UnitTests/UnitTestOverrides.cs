using System.Collections.Immutable;
using System.Globalization;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Project.Properties;
using Strata.Compiler.Project.Yaml;
using Strata.Compiler.Rendering;

namespace Strata.Compiler.Manifest.Building.UnitTests;

/// <summary>Reads a unit test's <c>overrides:</c>.</summary>
internal sealed class UnitTestOverrides(BuildContext context)
{
    private const string IsIncremental = "is_incremental";

    public (RenderOverrides Overrides, DateTimeOffset? Now, bool IsIncremental) Read(
        UnitTestOverridesDeclaration? declaration,
        DiagnosticBag diagnostics
    )
    {
        if (declaration is null)
            return (RenderOverrides.None, null, false);
        var macros = Macros(declaration.Macros, diagnostics);
        var now = Instant(declaration.Now, diagnostics);
        var overrides = new RenderOverrides
        {
            Vars = declaration.Vars,
            EnvVars = declaration.EnvVars,
            Macros = macros.Remove(IsIncremental),
            RunStartedAt = Instant(declaration.RunStartedAt, diagnostics) ?? now,
        };
        // dbt has it among the macros
        var isIncremental = declaration.IsIncremental ?? macros.GetValueOrDefault(IsIncremental) is true;
        return (overrides, now, isIncremental);
    }

    private ImmutableSortedDictionary<string, object?> Macros(YamlNode? node, DiagnosticBag diagnostics)
    {
        var macros = ImmutableSortedDictionary.CreateBuilder<string, object?>(StringComparer.Ordinal);
        if (node is not (null or YamlMapping or YamlScalar { IsNull: true }))
            diagnostics.Add(ProjectDiagnostics.WrongType(node.Span, "macros", "a mapping", node.Kind));
        foreach (var entry in (node as YamlMapping)?.Entries ?? [])
        {
            var name = entry.Key.Text;
            if (name != IsIncremental && !context.Project.Macros.TryGet(name, out _))
                diagnostics.Add(
                    UnitTestDiagnostics.BadOverride(
                        entry.Key.Span,
                        $"there is no macro '{name}'",
                        Suggestions.DidYouMean(
                            name,
                            context.Project.Macros.Macros.Select(macro => macro.Name)
                        )
                    )
                );
            macros[name] = entry.Value.ToValue();
        }
        return macros.ToImmutable();
    }

    private static DateTimeOffset? Instant(YamlScalar? text, DiagnosticBag diagnostics)
    {
        if (text is null)
            return null;
        if (
            DateTimeOffset.TryParse(
                text.Text,
                CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
                out var instant
            )
        )
            return instant;
        diagnostics.Add(
            UnitTestDiagnostics.BadOverride(
                text.Span,
                $"'{text.Text}' is not an instant",
                "write it as 2026-01-31T12:00:00Z"
            )
        );
        return null;
    }
}
