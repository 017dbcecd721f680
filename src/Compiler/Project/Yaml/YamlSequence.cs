using System.Collections.Immutable;
using Strata.Compiler.Text;

namespace Strata.Compiler.Project.Yaml;

public sealed class YamlSequence(ImmutableArray<YamlNode> items, SourceSpan span) : YamlNode(span)
{
    public ImmutableArray<YamlNode> Items { get; } = items;

    public override string Kind => "a list";

    public override object ToValue() => Items.Select(item => item.ToValue()).ToImmutableArray();
}
