using System.Reflection;
using Strata.Adapters.Conformance.Engines;
using Strata.Adapters.Conformance.Suites;
using Strata.Runner.Adapters;

namespace Strata.Adapters.Conformance;

/// <summary>No adapter is missing from the suites, and no suite from an adapter.</summary>
public sealed class CoverageTests
{
    private static readonly Type[] Types = typeof(CoverageTests).Assembly.GetTypes();

    private static IEnumerable<Type> Engines => Concrete(typeof(EngineUnderTest));

    public static TheoryData<Type> Suites =>
        [.. Types.Where(type => type.IsAbstract && type.IsSubclassOf(typeof(AdapterSuite)))];

    [Fact]
    public async Task Adapters_InSrc_AllHaveAnEngineUnderTest()
    {
        var projects = Directory
            .EnumerateDirectories(RepositoryRoot.Combine("src"), "Adapters.*")
            .Where(folder => Directory.EnumerateFiles(folder, "*.csproj").Any())
            .Select(folder => $"Strata.{Path.GetFileName(folder)}")
            .Order()
            .ToArray();
        var adapters = projects
            .SelectMany(name => Assembly.Load(name).GetTypes())
            .Where(type => type.IsClass && !type.IsAbstract && type.IsAssignableTo(typeof(IAdapter)))
            .ToArray();
        adapters.Length.ShouldBeGreaterThanOrEqualTo(2);

        var covered = new List<Type>();
        foreach (var type in Engines.Where(type => !type.IsSubclassOf(typeof(LoggedEngine))))
        {
            var engine = (EngineUnderTest)Activator.CreateInstance(type)!;
            covered.Add(engine.Adapter.GetType());
            await engine.DisposeAsync();
        }
        covered.ShouldBe(adapters, ignoreOrder: true);
    }

    [Theory]
    [MemberData(nameof(Suites))]
    public void Suite_HasOneDerivedClassForEachEngine(Type suite)
    {
        var engines = Concrete(suite)
            .Select(type => type.GetConstructors().Single().GetParameters().Single().ParameterType);
        engines.ShouldBe(Engines, ignoreOrder: true);
    }

    [Fact]
    public void AdapterFolders_HaveTheSameFileNames()
    {
        string[] shared =
        [
            "Adapter.cs",
            "BatchReader.cs",
            "BatchWriter.cs",
            "Catalog.cs",
            "Errors.cs",
            "Options.cs",
            "Session.cs",
            "StateLock.cs",
            "Transaction.cs",
            "Types.cs",
        ];
        foreach (var folder in Directory.EnumerateDirectories(RepositoryRoot.Combine("src"), "Adapters.*"))
            shared.Except(Directory.EnumerateFiles(folder).Select(Path.GetFileName)).ShouldBeEmpty(folder);
    }

    private static IEnumerable<Type> Concrete(Type root) =>
        Types.Where(type => !type.IsAbstract && type.IsSubclassOf(root));
}
