using System.Collections.Immutable;
using Strata.Compiler.Project.Configuration;
using Strata.Compiler.Project.Yaml;
using Strata.Compiler.Text;

namespace Strata.Compiler.Project.Properties;

/// <summary>One entry of a <c>tests:</c> list.</summary>
/// <param name="TestName">The name of the expectation, where it is written.</param>
internal sealed record TestDeclaration(YamlScalar TestName, SourceSpan Span)
{
    /// <summary>The node's name when the user gives one (<c>name:</c>).</summary>
    public string? CustomName { get; init; }

    public string Description { get; init; } = "";

    public ConfigSet Config { get; init; } = ConfigSet.Empty;

    /// <summary>What is neither configuration nor a name: inline or below <c>arguments:</c>. Its templates are rendered.</summary>
    public ImmutableArray<YamlMapping.Entry> Arguments { get; init; } = [];

    /// <summary>The arguments as they are written: what the test is called by stays the same whatever a variable holds.</summary>
    public ImmutableArray<YamlMapping.Entry> Written { get; init; } = [];
}
