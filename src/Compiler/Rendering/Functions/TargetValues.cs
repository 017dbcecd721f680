using Strata.Compiler.Templating;

namespace Strata.Compiler.Rendering.Functions;

/// <summary>What <c>target</c> is.</summary>
internal sealed record TargetValues(string Name)
{
    /// <summary>The target as a node sees it: its own connection and schema.</summary>
    public TemplateObject For(NodeBinding binding) =>
        new Target([
            new("name", Name),
            new("type", binding.Place.Dialect.Name),
            new("engine", binding.Place.Connection),
            new("schema", binding.Place.Relation.Schema),
        ]);

    private sealed class Target(IEnumerable<KeyValuePair<string, object?>> members) : TemplateObject(members)
    {
        public override string HintFor(string missing) =>
            $"its members are {string.Join(", ", Names.Select(name => $"'{name}'"))}";
    }
}
