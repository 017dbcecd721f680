using Strata.Compiler.Diagnostics;
using Strata.Compiler.Templating;
using Strata.Compiler.Text;

namespace Strata.Compiler.Tests.Templating;

/// <summary>Short ways to parse and render in tests.</summary>
internal static class Rendering
{
    public static Template Parse(string text, string path = "models/m.sql") =>
        Template.Parse(new SourceText(path, text));

    public static RenderResult Render(
        string text,
        TemplateScope? scope = null,
        RenderOptions? options = null
    ) =>
        TemplateRenderer.Render(
            Parse(text),
            scope ?? TemplateScope.BuiltIns,
            options ?? RenderOptions.Default,
            CancellationToken.None
        );

    /// <summary>The output of a template that must render without diagnostics.</summary>
    public static string Text(string text, TemplateScope? scope = null, RenderOptions? options = null)
    {
        var result = Render(text, scope, options);
        result.Diagnostics.Select(DiagnosticRenderer.Render).ShouldBeEmpty();
        return result.Text;
    }

    /// <summary>The first error of a template that must have one.</summary>
    public static Diagnostic Error(string text, TemplateScope? scope = null, RenderOptions? options = null)
    {
        var result = Render(text, scope, options);
        result.HasErrors.ShouldBeTrue($"printed: {result.Text}");
        return result.Diagnostics.First(diagnostic => diagnostic.IsError);
    }

    public static TemplateScope Scope(params (string Name, object? Value)[] values) =>
        TemplateScope.Create(values.Select(value => KeyValuePair.Create(value.Name, value.Value)));
}
