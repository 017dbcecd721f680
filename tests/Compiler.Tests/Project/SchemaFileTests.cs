using System.Text.Json;
using Strata.Compiler.Project.Yaml;

namespace Strata.Compiler.Tests.Project;

public sealed class SchemaFileTests
{
    public static TheoryData<string> Names => [.. SchemaFiles.All.Select(schema => schema.Name)];

    /// <summary>UPDATE_GOLDEN=1 writes them instead.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Schema_AsCommitted_IsWhatTheCodeDeclares(string name)
    {
        var file = RepositoryRoot.Combine("docs", "reference", "schemas", name);
        var text = SchemaFiles.All.Single(schema => schema.Name == name).Text;
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, text);
        }

        File.ReadAllText(file).ShouldBe(text, "run the tests with UPDATE_GOLDEN=1 to write it anew");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Schema_References_AreAllDefined(string name)
    {
        using var schema = JsonDocument.Parse(SchemaFiles.All.Single(one => one.Name == name).Text);
        var defined = schema
            .RootElement.GetProperty("$defs")
            .EnumerateObject()
            .Select(d => d.Name)
            .ToHashSet();

        References(schema.RootElement)
            .Distinct()
            .ShouldAllBe(r => defined.Contains(r.Replace("#/$defs/", "")));
    }

    [Fact]
    public void Schema_OfProperties_ListsKeysWordsAndWhatIsRequired()
    {
        using var schema = JsonDocument.Parse(
            SchemaFiles.All.Single(one => one.Name == "properties.json").Text
        );
        var definitions = schema.RootElement.GetProperty("$defs");

        var model = definitions.GetProperty("model");
        model.GetProperty("required")[0].GetString().ShouldBe("name");
        model.GetProperty("additionalProperties").GetBoolean().ShouldBeFalse();
        model
            .GetProperty("properties")
            .GetProperty("description")
            .GetProperty("type")
            .GetString()
            .ShouldBe("string");
        definitions
            .GetProperty("model_config")
            .GetProperty("properties")
            .GetProperty("materialized")
            .GetProperty("anyOf")[0]
            .GetProperty("enum")
            .EnumerateArray()
            .Select(word => word.GetString())
            .ShouldBe(["view", "table", "incremental", "ephemeral", "cdc"]);
    }

    private static IEnumerable<string> References(JsonElement element) =>
        element.ValueKind switch
        {
            JsonValueKind.Object => element
                .EnumerateObject()
                .SelectMany(member =>
                    member.NameEquals("$ref") ? [member.Value.GetString()!] : References(member.Value)
                ),
            JsonValueKind.Array => element.EnumerateArray().SelectMany(References),
            _ => [],
        };
}
