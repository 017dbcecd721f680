using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Strata.Architecture.Tests;

public sealed class ReferenceListTests
{
    private static readonly string[] Layers = ["Compiler", "Tests.Engine", "Runner", "Adapters.", "Cli"];

    /// <summary>Packages whose assembly is not named as they are.</summary>
    private static readonly Dictionary<string, string> AssembliesOfOtherNames = new()
    {
        ["ZstdSharp"] = "ZstdSharp.Port",
    };

    public static TheoryData<string> Projects => [.. ProductProject.All.Select(project => project.Name)];

    [Theory]
    [MemberData(nameof(Projects))]
    public void ProjectFile_Declares_ExactlyTheListedReferences(string name)
    {
        var project = ProductProject.All.Single(project => project.Name == name);

        AllowedReferences
            .ByProject.ContainsKey(name)
            .ShouldBeTrue("a new project needs its list of references");
        project.References.ShouldBe(AllowedReferences.ByProject[name].Keys, ignoreOrder: true);
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Assembly_Uses_NothingBesidesTheListedReferences(string name)
    {
        var project = ProductProject.All.Single(project => project.Name == name);
        var projectOf = ProductProject.All.ToDictionary(other => other.AssemblyName, other => other.Name);
        var allowed = AllowedReferences.Closure(name);

        var used = ReferencedAssemblies(project.AssemblyName)
            .Where(reference => !IsPartOfTheRuntime(reference) || allowed.Contains(reference))
            .Select(reference => projectOf.GetValueOrDefault(reference, reference))
            .Select(reference => AssembliesOfOtherNames.GetValueOrDefault(reference, reference));

        used.Except(allowed).ShouldBeEmpty();
    }

    [Fact]
    public void References_OnTheList_PointTowardsTheCompilerOnly()
    {
        foreach (var (project, references) in AllowedReferences.ByProject)
        {
            foreach (var reference in references.Keys.Where(reference => LayerOf(reference) >= 0))
                LayerOf(reference).ShouldBeLessThan(LayerOf(project), $"{project} -> {reference}");
        }
    }

    [Fact]
    public void Adapters_AreReferredToByCliAlone() =>
        AllowedReferences
            .ByProject.Where(entry => entry.Value.Keys.Any(reference => reference.StartsWith("Adapters.")))
            .Select(entry => entry.Key)
            .ShouldBe(["Cli"]);

    private static int LayerOf(string project) =>
        Array.FindIndex(Layers, layer => layer.EndsWith('.') ? project.StartsWith(layer) : project == layer);

    private static List<string> ReferencedAssemblies(string assemblyName)
    {
        using var file = new PEReader(
            File.OpenRead(Path.Combine(AppContext.BaseDirectory, $"{assemblyName}.dll"))
        );
        var metadata = file.GetMetadataReader();
        return
        [
            .. metadata.AssemblyReferences.Select(handle =>
                metadata.GetString(metadata.GetAssemblyReference(handle).Name)
            ),
        ];
    }

    // The shared framework's own folder, so that a package named System.Something still counts as a package.
    private static bool IsPartOfTheRuntime(string assembly) =>
        File.Exists(
            Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, $"{assembly}.dll")
        );
}
