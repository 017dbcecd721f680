using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest.Building;
using Strata.Compiler.Project.Configuration;
using Strata.Compiler.Project.Configuration.Settings;
using Strata.Compiler.Project.Yaml;

namespace Strata.Compiler.Project.Properties;

/// <summary>
/// An entry of a <c>tests:</c> list: <c>- not_null</c>, or <c>- accepted_values: {values: [...]}</c> with
/// arguments inline or below <c>arguments:</c> and configuration inline or below <c>config:</c>; the condition of
/// <c>expect</c> may stand right behind the colon.
/// </summary>
internal sealed class TestEntryType : YamlType<TestDeclaration>
{
    public static readonly TestEntryType Instance = new();

    private TestEntryType() { }

    public override bool TryBind(
        YamlNode node,
        string name,
        YamlContext context,
        [MaybeNullWhen(false)] out TestDeclaration value
    )
    {
        value = node switch
        {
            YamlScalar { IsNull: false } scalar => new TestDeclaration(scalar, scalar.Span),
            YamlMapping mapping when mapping.Find("test_name") is YamlScalar testName => Read(
                testName,
                mapping.Entries.Where(entry => entry.Key.Text != "test_name"),
                context
            ),
            YamlMapping { Entries: [var only] } => ReadBody(only, context),
            _ => null,
        };
        if (value is not null)
            return true;
        context.Diagnostics.Add(ProjectDiagnostics.NotATest(node.Span));
        return false;
    }

    public override void Describe(JsonSchemaWriter writer) =>
        writer.Reference("test", () => writer.AnyOf(YamlScalars.Text, YamlCollections.Data));

    private static TestDeclaration? ReadBody(YamlMapping.Entry entry, YamlContext context) =>
        entry.Value switch
        {
            YamlScalar { IsNull: true } => new TestDeclaration(entry.Key, entry.Key.Span),
            // - expect: "amount >= 0"
            YamlScalar sql when entry.Key.Text == "expect" => WithArguments(
                new TestDeclaration(entry.Key, entry.Key.Span),
                [new YamlMapping.Entry(YamlScalar.Plain("expression", entry.Key.Span), sql)],
                context
            ),
            YamlMapping body => Read(entry.Key, body.Entries, context),
            _ => null,
        };

    private static TestDeclaration Read(
        YamlScalar testName,
        IEnumerable<YamlMapping.Entry> entries,
        YamlContext context
    )
    {
        var test = new TestDeclaration(testName, testName.Span);
        var arguments = ImmutableArray.CreateBuilder<YamlMapping.Entry>();
        var inline = new List<YamlMapping.Entry>();
        var config = ConfigSet.Empty;
        foreach (var entry in entries)
        {
            switch (entry.Key.Text)
            {
                case "name" when YamlScalars.Text.TryBind(entry.Value, "name", context, out var text):
                    test = test with { CustomName = text };
                    break;
                case "description" when entry.Value is YamlScalar description:
                    test = test with { Description = description.Text };
                    break;
                case "config":
                    if (TestSettings.Block.TryBind(entry.Value, "config", context, out var block))
                        config = block;
                    break;
                case "arguments" when entry.Value is YamlMapping below:
                    arguments.AddRange(below.Entries);
                    break;
                default:
                    if (TestSettings.Block.Shape.KeyNames.Contains(entry.Key.Text))
                        inline.Add(entry);
                    else
                        arguments.Add(entry);
                    break;
            }
        }
        test = test with { Config = config.Over(TestSettings.Block.Read(inline, context)) };
        return WithArguments(test, arguments.ToImmutable(), context);
    }

    private static TestDeclaration WithArguments(
        TestDeclaration test,
        ImmutableArray<YamlMapping.Entry> written,
        YamlContext context
    ) =>
        test with
        {
            Arguments =
            [
                .. written.Select(entry => new YamlMapping.Entry(entry.Key, Render(entry.Value, context))),
            ],
            Written = written,
        };

    // a reference is resolved once all nodes are known; what cannot be rendered has been reported, and is not missing
    private static YamlNode Render(YamlNode value, YamlContext context) =>
        value is YamlScalar scalar && ReferenceText.Parse(scalar.Text) is not null
            ? value
            : context.Render(value) ?? value;
}
