using Strata.Compiler.Project.Configuration;
using Strata.Compiler.Project.Profiles;
using Strata.Compiler.Project.Properties;

namespace Strata.Compiler.Project.Yaml;

/// <summary>The JSON Schemas of a project's YAML files, made from the declarations that bind them.</summary>
public static class SchemaFiles
{
    /// <summary>Name and text of every schema.</summary>
    public static IEnumerable<(string Name, string Text)> All =>
        [
            ("strata.json", JsonSchemaWriter.Write("strata.yml", ProjectFile.Shape)),
            ("profiles.json", JsonSchemaWriter.Write("profiles.yml", ProfilesFile.Shape)),
            (
                "properties.json",
                JsonSchemaWriter.Write("YAML files beside models, seeds and tests", PropertiesFile.Shape)
            ),
        ];
}
