using Strata.Compiler.Diagnostics;
using Strata.Compiler.Rendering.Linking;
using Strata.Compiler.Templating;
using Strata.Compiler.Text;

namespace Strata.Compiler.Rendering.Functions;

/// <summary><c>ref</c>, <c>source</c> and <c>changes</c>: how a template names what it reads.</summary>
internal sealed class ReferenceFunctions(ReferenceResolver resolver)
{
    public IEnumerable<TemplateFunction> All =>
        [
            TemplateFunction.Create(
                "ref",
                [new("name"), TemplateParameter.Optional("model")],
                call => Reference(call, ReferenceKind.Ref),
                takesAnyName: true
            ),
            TemplateFunction.Create(
                "changes",
                [new("name"), TemplateParameter.Optional("model")],
                call => Reference(call, ReferenceKind.Changes),
                takesAnyName: true
            ),
            TemplateFunction.Create("source", [new("source"), new("table")], Source, takesAnyName: true),
        ];

    private object? Reference(TemplateCallContext call, ReferenceKind kind)
    {
        var function = call.Function.Name;
        var isWhole = false;
        foreach (var (name, value) in call.Named)
        {
            if (kind == ReferenceKind.Ref && name == "filter" && value is bool filter)
            {
                isWhole = !filter;
                continue;
            }
            call.Fail(
                name is "v" or "version"
                    ? ReferenceDiagnostics.VersionNotYet(call.NameSpanOf(name))
                    : ReferenceDiagnostics.UnknownArgument(call.NameSpanOf(name), function, name)
            );
        }
        var last = call.IsGiven(1) ? 1 : 0;
        var model = TextOf(call, last, "the name of a model");
        var package = last == 1 ? TextOf(call, 0, "the name of the project") : null;
        var id = resolver.FindRef(package, model, call.SpanOf(0), call.SpanOf(last), Reporter(call));
        return StateOf(call).AddRelation(kind, id, call.Origin, isWhole: isWhole);
    }

    private object? Source(TemplateCallContext call)
    {
        var isWhole = false;
        foreach (var (name, value) in call.Named)
        {
            if (name == "filter" && value is bool filter)
                isWhole = !filter;
            else
                call.Fail(ReferenceDiagnostics.UnknownArgument(call.NameSpanOf(name), "source", name));
        }
        var source = TextOf(call, 0, "the name of a source");
        var table = TextOf(call, 1, "the name of a table");
        var id = resolver.FindSource(source, table, call.SpanOf(0), call.SpanOf(1), Reporter(call));
        return StateOf(call).AddRelation(ReferenceKind.Source, id, call.Origin, isWhole: isWhole);
    }

    // the render goes on, so that all missing references of a file are found at once
    private static Action<Diagnostic> Reporter(TemplateCallContext call) =>
        diagnostic => call.Report(WithCallers(diagnostic, call.Origin.CalledFrom));

    private static Diagnostic WithCallers(Diagnostic diagnostic, SourceOrigin? caller)
    {
        if (caller is null || diagnostic.Span is not { } span)
            return diagnostic;
        var notes = diagnostic.Notes.Add(new DiagnosticNote(span, "here"));
        for (var origin = caller; origin is not null; origin = origin.CalledFrom)
            notes = notes.Add(new DiagnosticNote(origin.Span, "called from here"));
        return diagnostic with { Notes = notes };
    }

    private static string TextOf(TemplateCallContext call, int index, string what)
    {
        if (call[index] is string text)
            return text;
        call.Fail(ReferenceDiagnostics.NotAText(call.SpanOf(index), call.Function.Name, what));
        return "";
    }

    private static RenderState StateOf(TemplateCallContext call) => RenderScope.StateOf(call);
}
