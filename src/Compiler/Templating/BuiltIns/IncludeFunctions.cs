using System.Text;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Templating.Evaluation;

namespace Strata.Compiler.Templating.BuiltIns;

/// <summary><c>include</c> and <c>include_join</c>: other templates of the project as functions.</summary>
internal static class IncludeFunctions
{
    private const string TemplatePrefix = "tpl:";

    public static BuiltInFunction CreateInclude() =>
        new(
            "include",
            "Renders another template of the project. In it `$0` is its name, `$1` and so on are the further "
                + "arguments, and `$name` or `$.name` are the named ones.",
            [new("name"), TemplateParameter.Variadic("arguments")],
            call => Include(call, call.Text(0), call.Rest, call.Named),
            takesAnyName: true
        );

    public static BuiltInFunction CreateIncludeJoin() =>
        new(
            "include_join",
            "Renders several templates with a separator between them. A separator, begin or end that starts with "
                + "`tpl:` names a template.",
            [
                new("names"),
                new("separator"),
                TemplateParameter.Optional("begin"),
                TemplateParameter.Optional("end"),
            ],
            IncludeJoin
        );

    private static string IncludeJoin(TemplateCallContext call)
    {
        var text = new StringBuilder();
        var isFirst = true;
        text.Append(TextOrTemplate(call, 2));
        foreach (var name in call.ListOrNull(0) ?? [])
        {
            if (!isFirst)
                text.Append(TextOrTemplate(call, 1));
            isFirst = false;
            text.Append(Include(call, call.TextOf(name), [], call.Named));
            call.Context.CheckLength(text.Length, call.CallSpan);
        }
        text.Append(TextOrTemplate(call, 3));
        return call.Checked(text.ToString());
    }

    private static string TextOrTemplate(TemplateCallContext call, int index)
    {
        var text = call.Text(index);
        return text.StartsWith(TemplatePrefix, StringComparison.Ordinal)
            ? Include(call, text[TemplatePrefix.Length..], [], call.Named)
            : text;
    }

    private static string Include(
        TemplateCallContext call,
        string name,
        IReadOnlyList<object?> arguments,
        TemplateObject named
    )
    {
        var context = call.Context;
        if (context.Options.Loader is not { } loader)
            throw call.Error(TemplateDiagnostics.IncludeNotAvailable(call.SpanOf(0), name));
        if (loader.Load(name) is not { } template)
            throw call.Error(TemplateDiagnostics.IncludeNotFound(call.SpanOf(0), name));
        if (template.HasErrors)
            throw call.Error(
                TemplateDiagnostics.IncludeHasErrors(call.SpanOf(0), name, template.Diagnostics[0])
            );
        var all = new TemplateArray(arguments.Count + 1);
        all.Add(name);
        foreach (var argument in arguments)
            all.Add(argument);
        if (named.Count > 0)
            all.Members = named;
        return PageRunner.Run(call, template, all, $"'{name}'");
    }
}
