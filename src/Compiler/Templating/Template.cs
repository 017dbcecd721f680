using System.Collections.Immutable;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Templating.Analysis;
using Strata.Compiler.Templating.Syntax;
using Strata.Compiler.Text;

namespace Strata.Compiler.Templating;

/// <summary>
/// A parsed template: immutable, to be shared between threads. One that has errors must not be rendered.
/// </summary>
public sealed class Template
{
    private TemplateFacts? _facts;

    private Template(SourceText source, Block body, ImmutableArray<Diagnostic> diagnostics)
    {
        Source = source;
        Body = body;
        Diagnostics = diagnostics;
        foreach (var diagnostic in diagnostics)
            HasErrors |= diagnostic.IsError;
    }

    public SourceText Source { get; }

    /// <summary>What is wrong with the text, in the order in which reading it finds out.</summary>
    public ImmutableArray<Diagnostic> Diagnostics { get; }

    public bool HasErrors { get; }

    /// <summary>What can be known without rendering.</summary>
    public TemplateFacts Facts => _facts ??= FactsCollector.Collect(this);

    internal Block Body { get; }

    public static Template Parse(SourceText source, TemplateParseOptions? options = null)
    {
        options ??= TemplateParseOptions.Default;
        var diagnostics = new List<FoundDiagnostic>();
        var tokens = new Lexer(source, options, diagnostics).Tokenize();
        var reader = new TokenReader(source, tokens, options, diagnostics);
        var body = new StatementParser(reader).ParseTemplate();
        return new Template(
            source,
            body,
            [.. diagnostics.OrderBy(found => found.At).Select(found => found.Diagnostic)]
        );
    }
}
