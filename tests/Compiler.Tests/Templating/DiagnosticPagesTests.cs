using System.Text.RegularExpressions;
using Strata.Compiler.Templating;
using Strata.Compiler.Text;

namespace Strata.Compiler.Tests.Templating;

/// <summary>The template in each page of docs/diagnostics does bring the error that the page explains.</summary>
public sealed partial class DiagnosticPagesTests
{
    public static TheoryData<string> Pages() =>
        [
            .. Directory
                .EnumerateFiles(RepositoryRoot.Combine("docs", "diagnostics"), "ST2*.md")
                .Where(file => Example().IsMatch(File.ReadAllText(file)))
                .Select(file => Path.GetFileNameWithoutExtension(file))
                .Order(StringComparer.Ordinal),
        ];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Page_ItsTemplate_ReportsItsCode(string code)
    {
        var page = File.ReadAllText(RepositoryRoot.Combine("docs", "diagnostics", $"{code}.md"));
        var template = Example().Match(page).Groups["template"].Value.TrimEnd('\n');

        var result = Rendering.Render(
            template,
            options: RenderOptions.Default with
            {
                Loader = new Loader(),
            }
        );

        // warnings about the text are not repeated by the render
        Rendering
            .Parse(template)
            .Diagnostics.Concat(result.Diagnostics)
            .Select(diagnostic => diagnostic.Code)
            .ShouldContain(code);
    }

    [GeneratedRegex("```template\n(?<template>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Example();

    private sealed class Loader : ITemplateLoader
    {
        public Template? Load(string name) =>
            name == "broken" ? Template.Parse(new SourceText("broken", "{{ 1 + }}")) : null;
    }
}
