using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using Strata.Compiler.Manifest;
using Strata.Conformance.Expectations;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Strata.Tests.Engine.Tests.Reference;

/// <summary>The arguments of an example, from YAML in flow style.</summary>
internal static partial class ExampleArguments
{
    public static ImmutableSortedDictionary<string, TestArgument> Read(string yaml)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(yaml));
        return ((YamlMappingNode)stream.Documents[0].RootNode).Children.ToImmutableSortedDictionary(
            pair => ((YamlScalarNode)pair.Key).Value!,
            pair => Argument(pair.Value)
        );
    }

    private static TestArgument Argument(YamlNode node) =>
        node is YamlScalarNode { Value: { } text } && Reference().Match(text) is { Success: true } match
            ? new TestArgument(match.Groups["name"].Value, match.Groups["name"].Value, Given.File.Span(0, 6))
            : new TestArgument(Value(node), null, Given.File.Span(0, 6));

    private static object? Value(YamlNode node) =>
        node switch
        {
            YamlMappingNode map => map.Children.ToImmutableSortedDictionary(
                p => ((YamlScalarNode)p.Key).Value!,
                p => Value(p.Value)
            ),
            YamlSequenceNode list => list.Children.Select(Value).ToImmutableArray(),
            YamlScalarNode { Style: ScalarStyle.Plain, Value: { } text } => Plain(text),
            _ => ((YamlScalarNode)node).Value,
        };

    private static object? Plain(string text) =>
        text switch
        {
            "null" or "~" or "" => null,
            "true" => true,
            "false" => false,
            _ when long.TryParse(
                    text,
                    NumberStyles.AllowLeadingSign,
                    CultureInfo.InvariantCulture,
                    out var whole
                ) => whole,
            _ when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) =>
                number,
            _ => text,
        };

    [GeneratedRegex(@"^ref\('(?<name>\w+)'\)$")]
    private static partial Regex Reference();
}
