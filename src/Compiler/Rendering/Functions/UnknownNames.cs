using Strata.Compiler.Diagnostics;
using Strata.Compiler.Templating;
using Strata.Compiler.Templating.Evaluation;
using Strata.Compiler.Text;

namespace Strata.Compiler.Rendering.Functions;

/// <summary>
/// What the project knows of a name that a template does not: templates know nothing of models, and whoever comes
/// from dbt writes names that are not needed here.
/// </summary>
internal sealed class UnknownNames(ReferenceResolver resolver, TemplateScope shared)
{
    /// <summary>The diagnostic with a better hint, if there is one.</summary>
    public Diagnostic Explain(Diagnostic diagnostic) =>
        diagnostic.Span is { } span
        && !SuggestsMacro(diagnostic)
        && HintFor(diagnostic.Code, span) is { } hint
            ? diagnostic with
            {
                Hint = hint,
            }
            : diagnostic;

    /// <summary>A macro of nearly that name is meant, whatever others call by it.</summary>
    private bool SuggestsMacro(Diagnostic diagnostic) =>
        diagnostic.Code == TemplateDiagnostics.NoFunction
        && shared.Names.Any(name =>
            diagnostic.Hint == Suggestions.HintOf(name)
            && shared.TryGet(name, out var value)
            && value is UserFunction
        );

    private string? HintFor(string code, SourceSpan span)
    {
        if (code == TemplateDiagnostics.Undefined && OfProject(span) is { } own)
            return own;
        return JinjaNames.HintFor(code, span, MemberBehind(span));
    }

    private string? OfProject(SourceSpan span)
    {
        var name = span.Text;
        if (resolver.TryFindRef(name) is { } id)
            return $"{name} is a {id[..id.IndexOf('.', StringComparison.Ordinal)]}: write ref \"{name}\"";
        if (resolver.FindTable(name) is var (source, table))
            return $"{name} is a table of source '{source}': write source \"{source}\" \"{table}\"";
        if (resolver.FirstTableOf(name) is { } first)
            return $"{name} is a source: write source \"{name}\" \"{first}\"";
        if (MemberBehind(span) is not { } member)
            return null;
        if (shared.TryGet(member, out var value) && value is TemplateFunction)
            return $"'{member}' is built in: write '{member} ...' instead of '{name}.{member} ...'";
        return name.StartsWith("dbt", StringComparison.Ordinal)
            ? "there are no packages: copy the macro into macros/ and call it by its plain name"
            : null;
    }

    /// <summary>The name behind the dot that follows a name.</summary>
    private static string? MemberBehind(SourceSpan span)
    {
        var text = span.File.Text;
        var start = span.Span.End;
        if (start >= text.Length || text[start] != '.')
            return null;
        var end = ++start;
        while (end < text.Length && (char.IsLetterOrDigit(text[end]) || text[end] == '_'))
            end++;
        return end > start ? text[start..end] : null;
    }
}
