namespace Strata.Compiler.Project.Yaml;

/// <summary>Something that can describe itself in a JSON Schema.</summary>
internal interface IYamlSchema
{
    /// <summary>Writes the members of the schema object; the writer stands inside its braces.</summary>
    void Describe(JsonSchemaWriter writer);

    /// <summary>Whether it is a mapping that declares a key.</summary>
    bool Knows(string key) => false;
}
