using System.Collections.Immutable;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Templating.Evaluation;
using Strata.Compiler.Text;

namespace Strata.Compiler.Templating;

/// <summary>Renders templates. Stateless; any number of renders may run at the same time.</summary>
public static class TemplateRenderer
{
    public static RenderResult Render(
        Template template,
        TemplateScope scope,
        TemplateLimits limits,
        CancellationToken cancellationToken
    ) => Render(template, scope, RenderOptions.Default with { Limits = limits }, cancellationToken);

    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static RenderResult Render(
        Template template,
        TemplateScope scope,
        RenderOptions options,
        CancellationToken cancellationToken
    )
    {
        if (template.HasErrors)
        {
            return new RenderResult(
                "",
                SourceMap.Empty,
                template.Diagnostics.Add(TemplateDiagnostics.HasErrors(template.Source.Span(0, 0)))
            );
        }
        var context = new RenderContext(scope, options, template.Source, cancellationToken);
        using var output = context.MainOutput;
        var statements = new StatementRunner(context);
        try
        {
            if (statements.Run(template.Body) == Flow.Return)
                statements.Print(context.Frame.ReturnValue, new TextSpan(0, template.Source.Length));
        }
        catch (TemplateError error)
        {
            context.Diagnostics.Add(error.Diagnostic);
        }
        return new RenderResult(output.ToString(), output.BuildMap(), [.. context.Diagnostics]);
    }
}
