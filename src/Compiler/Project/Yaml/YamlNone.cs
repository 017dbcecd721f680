namespace Strata.Compiler.Project.Yaml;

/// <summary>An explicit null, where it says that something is not wanted.</summary>
internal sealed class YamlNone : IYamlSchema
{
    public static readonly YamlNone Instance = new();

    private YamlNone() { }

    public void Describe(JsonSchemaWriter writer) => writer.Type("null");
}
