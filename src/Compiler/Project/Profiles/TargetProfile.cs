using System.Collections.Immutable;
using Strata.Compiler.Manifest;

namespace Strata.Compiler.Project.Profiles;

/// <summary>The chosen target of profiles.yml.</summary>
/// <param name="Connections">Real connections by name.</param>
/// <param name="Aliases">Names that stand for another connection of the target, followed to the end.</param>
internal sealed record TargetProfile(
    string Name,
    ImmutableSortedDictionary<string, ConnectionConfig> Connections,
    ImmutableSortedDictionary<string, string> Aliases
)
{
    public IEnumerable<string> Names => Connections.Keys.Concat(Aliases.Keys);

    public ConnectionConfig? Find(string name) =>
        Connections.GetValueOrDefault(Aliases.GetValueOrDefault(name, name));
}
