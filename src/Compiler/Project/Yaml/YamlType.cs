using System.Diagnostics.CodeAnalysis;

namespace Strata.Compiler.Project.Yaml;

/// <summary>What may stand at a place in a YAML file: checks and converts it, and describes itself to editors.</summary>
internal abstract class YamlType<T> : IYamlSchema
{
    /// <summary>Converts the node, or reports what is wrong with it.</summary>
    /// <param name="name">The key that holds the value, for messages.</param>
    public abstract bool TryBind(
        YamlNode node,
        string name,
        YamlContext context,
        [MaybeNullWhen(false)] out T value
    );

    /// <inheritdoc/>
    public virtual bool Knows(string key) => false;

    public abstract void Describe(JsonSchemaWriter writer);
}
