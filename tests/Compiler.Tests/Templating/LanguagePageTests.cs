using System.Text.RegularExpressions;

namespace Strata.Compiler.Tests.Templating;

/// <summary>The examples of docs/reference/template-language.md print what the page says.</summary>
public sealed partial class LanguagePageTests
{
    private static readonly string s_page = File.ReadAllText(
        RepositoryRoot.Combine("docs", "reference", "template-language.md")
    );

    public static TheoryData<string, string> Examples()
    {
        var examples = new TheoryData<string, string>();
        foreach (Match match in Example().Matches(s_page))
            examples.Add(match.Groups["template"].Value, match.Groups["text"].Value);
        return examples;
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public void Example_OfThePage_PrintsWhatItSays(string template, string text) =>
        Rendering.Text(template.TrimEnd('\n')).ShouldBe(text.TrimEnd('\n'));

    [Fact]
    public void Page_HasExamples() => Examples().Count.ShouldBeGreaterThan(4);

    [GeneratedRegex("```template\n(?<template>.*?)```\n\n```text\n(?<text>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Example();
}
