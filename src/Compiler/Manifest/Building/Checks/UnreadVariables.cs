using System.Text.RegularExpressions;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Project;

namespace Strata.Compiler.Manifest.Building.Checks;

/// <summary>
/// Finds variables of the command line that nothing reads, which are most often misspelt. One that strata.yml declares
/// is not, and neither is one that a template may read where it was not rendered.
/// </summary>
internal static class UnreadVariables
{
    public static void Report(ParsedProject project, IEnumerable<string> given, DiagnosticBag diagnostics)
    {
        var declared = Declared(project).ToHashSet(StringComparer.Ordinal);
        foreach (var name in given)
        {
            if (
                !declared.Contains(name)
                && !project.VariableReads.Contains(name)
                && !Texts(project).Any(text => Mentions(text, name))
            )
                diagnostics.Add(
                    ProjectDiagnostics.UnreadVariable(name, declared.Concat(project.VariableReads.Names))
                );
        }
    }

    // dbt lets variables stand below the project's name
    private static IEnumerable<string> Declared(ParsedProject project)
    {
        var vars = project.File.Vars;
        return vars.GetValueOrDefault(project.Name) is IReadOnlyDictionary<string, object?> own
            ? vars.Keys.Concat(own.Keys)
            : vars.Keys;
    }

    private static IEnumerable<string> Texts(ParsedProject project) =>
        project
            .Models.Concat(project.Snapshots)
            .Concat(project.SingularTests)
            .Select(file => file.Source.Text)
            .Concat(project.Macros.Macros.Select(macro => macro.Definition.Text))
            .Concat(project.Properties.Select(file => file.File.Text))
            .Append(project.File.File.Text)
            .Append(project.Profiles?.Text ?? "");

    private static bool Mentions(string text, string name) =>
        text.Contains(name, StringComparison.Ordinal)
        && Regex.IsMatch(text, $@"\bvar\b.*(?<!\w){Regex.Escape(name)}(?!\w)", RegexOptions.CultureInvariant);
}
