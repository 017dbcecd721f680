using System.Collections.Concurrent;
using Strata.Compiler.Templating;
using Strata.Compiler.Text;

namespace Strata.Compiler.Project;

/// <summary>
/// What <c>include</c> finds: the files of the project, named relative to its folder. Nothing outside of it is ever
/// read, whatever the name says. Shared between threads; a file is read once.
/// </summary>
internal sealed class ProjectTemplateLoader(string folder) : ITemplateLoader
{
    private readonly string _root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
    private readonly ConcurrentDictionary<string, Template?> _files = new(StringComparer.Ordinal);

    public Template? Load(string name) => _files.GetOrAdd(name, Read);

    private Template? Read(string name)
    {
        if (name.Length == 0 || name.Contains('\0', StringComparison.Ordinal))
            return null;
        var path = Path.GetFullPath(Path.Combine(_root, name));
        if (!IsInside(path) || !System.IO.File.Exists(path))
            return null;
        // a link may lead anywhere
        if (
            System.IO.File.ResolveLinkTarget(path, returnFinalTarget: true) is { } target
            && !IsInside(target.FullName)
        )
            return null;
        var relative = Path.GetRelativePath(_root, path).Replace(Path.DirectorySeparatorChar, '/');
        return Template.Parse(new SourceText(relative, System.IO.File.ReadAllText(path)));
    }

    private bool IsInside(string path) =>
        path.StartsWith(_root + Path.DirectorySeparatorChar, StringComparison.Ordinal);
}
