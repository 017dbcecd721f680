using System.Xml.Linq;

namespace Strata.Architecture.Tests;

/// <summary>A project below src/, as its file declares it.</summary>
internal sealed record ProductProject(string Name, string AssemblyName, IReadOnlySet<string> References)
{
    public static IReadOnlyList<ProductProject> All { get; } =
    [
        .. Directory
            .EnumerateFiles(RepositoryRoot.Combine("src"), "*.csproj", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal)
            .Select(Read),
    ];

    private static ProductProject Read(string file)
    {
        var document = XDocument.Load(file);
        var references = new SortedSet<string>(StringComparer.Ordinal);
        references.UnionWith(Included(document, "ProjectReference").Select(ProjectName));
        references.UnionWith(Included(document, "PackageReference"));
        // The one import that brings references with it.
        if (
            document
                .Descendants("Import")
                .Any(import => Attribute(import, "Project").EndsWith("DuckDb.targets"))
        )
            references.UnionWith(["DuckDB.NET.Bindings", "DuckDB.NET.Data"]);
        var name = Path.GetFileNameWithoutExtension(file);
        return new ProductProject(
            name,
            document.Descendants("AssemblyName").SingleOrDefault()?.Value ?? name,
            references
        );
    }

    private static IEnumerable<string> Included(XDocument document, string item) =>
        document.Descendants(item).Select(element => Attribute(element, "Include"));

    private static string Attribute(XElement element, string name) => element.Attribute(name)?.Value ?? "";

    private static string ProjectName(string path) =>
        Path.GetFileNameWithoutExtension(path.Replace('\\', '/'));
}
