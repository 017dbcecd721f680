using System.Collections.Immutable;
using Strata.Compiler.Project.Yaml;

namespace Strata.Compiler.Project.Configuration.Entries;

/// <summary>An entry of <c>dispatch:</c>.</summary>
internal sealed record DispatchDeclaration
{
    public string Namespace { get; init; } = "";

    public ImmutableArray<string> SearchOrder { get; init; } = [];

    public static readonly YamlObject<DispatchDeclaration> Shape = new YamlObject<DispatchDeclaration>(
        "an entry of dispatch",
        "dispatch",
        _ => new DispatchDeclaration()
    )
        .Required(
            "macro_namespace",
            "The macros' namespace.",
            YamlScalars.Text,
            (d, v) => d with { Namespace = v }
        )
        .Required(
            "search_order",
            "The namespaces to look in.",
            YamlCollections.Texts,
            (d, v) => d with { SearchOrder = v }
        );
}
