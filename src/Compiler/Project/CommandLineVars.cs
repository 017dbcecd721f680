using System.Collections.Immutable;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Project.Yaml;
using Strata.Compiler.Text;

namespace Strata.Compiler.Project;

/// <summary>Reads the value of <c>--vars</c>: a YAML mapping such as <c>{start: 2026-01-01, full: true}</c>.</summary>
public static class CommandLineVars
{
    public static ImmutableSortedDictionary<string, object?> Parse(string text, DiagnosticBag diagnostics)
    {
        var file = new SourceText("--vars", text);
        switch (YamlReader.Read(file, diagnostics))
        {
            case null:
                return ImmutableSortedDictionary<string, object?>.Empty;
            case YamlMapping mapping:
                return mapping.Entries.ToImmutableSortedDictionary(
                    entry => entry.Key.Text,
                    entry => entry.Value.ToValue(),
                    StringComparer.Ordinal
                );
            case var other:
                diagnostics.Add(ProjectDiagnostics.WrongType(other.Span, "--vars", "a mapping", other.Kind));
                return ImmutableSortedDictionary<string, object?>.Empty;
        }
    }
}
