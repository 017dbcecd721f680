using System.Collections.Concurrent;
using System.Collections.Immutable;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Templating;

namespace Strata.Compiler.Project;

/// <summary>
/// What <c>include</c> finds: the files of the project, named relative to its folder. Nothing outside of it is ever
/// read, whatever the name says. Shared between threads; a file is read once.
/// </summary>
internal sealed class ProjectTemplateLoader(
    string folder,
    Repeatability repeatability,
    DiagnosticBag diagnostics
) : ITemplateLoader
{
    private readonly string _root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
    private readonly ConcurrentDictionary<string, Template?> _files = new(StringComparer.Ordinal);

    /// <summary>What was asked for and is a file of the project, sorted.</summary>
    public ImmutableArray<string> Loaded =>
        [
            .. _files
                .Where(pair => pair.Value is not null)
                .Select(pair => pair.Key)
                .Order(StringComparer.Ordinal),
        ];

    /// <summary>Whether any file has been included.</summary>
    public bool HasLoaded => _files.Any(pair => pair.Value is not null);

    public Template? Load(string name)
    {
        var template = _files.GetOrAdd(name, Read);
        // who looks at the files later does not look whether this one is there by then
        if (template is null)
            repeatability.Lose();
        return template;
    }

    private Template? Read(string name)
    {
        if (name.Length == 0 || name.Contains('\0', StringComparison.Ordinal))
            return null;
        var path = Path.GetFullPath(Path.Combine(_root, name));
        if (!IsInside(path) || !System.IO.File.Exists(path))
            return null;
        if (LeadsOutside(path))
            return null;
        var relative = Path.GetRelativePath(_root, path).Replace(Path.DirectorySeparatorChar, '/');
        return ProjectText.Read(_root, relative, diagnostics) is { } source ? Template.Parse(source) : null;
    }

    // a link may lead anywhere, be it the file or a folder on the way to it
    private bool LeadsOutside(string path)
    {
        for (var part = path; part is not null && IsInside(part); part = Path.GetDirectoryName(part))
        {
            if (
                System.IO.File.ResolveLinkTarget(part, returnFinalTarget: true) is { } target
                && !IsInside(target.FullName)
            )
                return true;
        }
        return false;
    }

    private bool IsInside(string path) =>
        path.StartsWith(_root + Path.DirectorySeparatorChar, StringComparison.Ordinal);
}
