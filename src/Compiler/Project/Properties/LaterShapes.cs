using System.Collections.Immutable;
using Strata.Compiler.Project.Configuration;
using Strata.Compiler.Project.Configuration.Settings;
using Strata.Compiler.Project.Yaml;

namespace Strata.Compiler.Project.Properties;

/// <summary>The shapes of things that are checked but not used yet.</summary>
internal static class LaterShapes
{
    public static readonly YamlObject<Checked> Macro = Shape("a macro", "macro")
        .Required("name", "The macro's name.", YamlScalars.Text, Ignore)
        .Optional("description", "What it prints.", YamlScalars.Template, Ignore)
        .Optional(
            "arguments",
            "Its arguments.",
            YamlCollections.ListOf(
                Shape("an argument", "macro_argument")
                    .Required("name", "The argument's name.", YamlScalars.Text, Ignore)
                    .Optional("type", "What it takes.", YamlScalars.Text, Ignore)
                    .Optional("description", "What it is for.", YamlScalars.Template, Ignore)
            ),
            Ignore
        )
        .Optional("config", "Configuration.", SourceSettings.Block, Ignore)
        .Optional("meta", "Free data.", YamlCollections.Data, Ignore);

    public static readonly YamlObject<Checked> Group = Shape("a group", "group")
        .Required("name", "The group's name.", YamlScalars.Text, Ignore)
        .Required("owner", "Who answers for it.", YamlCollections.Data, Ignore)
        .Optional("description", "What it is.", YamlScalars.Template, Ignore)
        .Optional("config", "Configuration.", SourceSettings.Block, Ignore);

    private static YamlObject<Checked> Shape(string where, string definition) =>
        new(where, definition, _ => Checked.Instance);

    private static Checked Ignore<T>(Checked target, T value) => target;

    /// <summary>Nothing but the fact that it was looked at.</summary>
    internal sealed class Checked
    {
        public static readonly Checked Instance = new();
    }
}
