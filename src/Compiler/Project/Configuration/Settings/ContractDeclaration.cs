using Strata.Compiler.Project.Yaml;

namespace Strata.Compiler.Project.Configuration.Settings;

/// <summary><c>contract:</c> of a model.</summary>
internal sealed record ContractDeclaration
{
    public bool Enforced { get; init; }

    public static readonly YamlObject<ContractDeclaration> Shape = new YamlObject<ContractDeclaration>(
        "a contract",
        "contract",
        _ => new ContractDeclaration()
    )
        .Required(
            "enforced",
            "Whether a relation with other columns is refused.",
            YamlScalars.Boolean,
            (c, v) => c with { Enforced = v }
        )
        .Optional(
            "alias_types",
            "Accepted for compatibility with dbt: all names of a type mean the same.",
            YamlScalars.Boolean,
            (c, _) => c
        );
}
