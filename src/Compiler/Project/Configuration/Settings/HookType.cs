using System.Diagnostics.CodeAnalysis;
using Strata.Compiler.Project.Yaml;

namespace Strata.Compiler.Project.Configuration.Settings;

/// <summary>A SQL statement, or dbt's long form of one: <c>{sql: ..., transaction: true}</c>.</summary>
internal sealed class HookType : YamlType<YamlScalar>
{
    public static readonly HookType Instance = new();

    private HookType() { }

    public override bool TryBind(
        YamlNode node,
        string name,
        YamlContext context,
        [MaybeNullWhen(false)] out YamlScalar value
    ) =>
        YamlScalars.Template.TryBind(
            node is YamlMapping mapping && mapping.Find("sql") is { } sql ? sql : node,
            name,
            context,
            out value
        );

    public override void Describe(JsonSchemaWriter writer) => YamlScalars.Template.Describe(writer);
}
