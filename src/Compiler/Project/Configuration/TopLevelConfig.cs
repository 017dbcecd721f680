using Strata.Compiler.Project.Yaml;

namespace Strata.Compiler.Project.Configuration;

internal static class TopLevelConfig
{
    /// <summary>dbt lets some configuration stand beside <c>config:</c> as well as in it.</summary>
    public static YamlObject<T> WithTopLevel<T, TSettings>(
        this YamlObject<T> shape,
        ConfigBlock<TSettings> config,
        IEnumerable<string> keys,
        Func<T, ConfigSet, T> assign
    )
        where T : class
        where TSettings : class
    {
        foreach (var key in keys)
        {
            if (!config.Shape.KeyNames.Contains(key))
                continue;
            shape.OptionalEntry(
                key,
                $"The same as {key} in config.",
                config.Shape.SchemaOf(key),
                (target, entry, context) => assign(target, config.Read([entry], context))
            );
        }
        return shape;
    }
}
