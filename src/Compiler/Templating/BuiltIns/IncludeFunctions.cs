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
            Include,
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
            text.Append(Include(call, call.TextOf(name)));
            call.Context.CheckLength(text.Length, call.CallSpan);
        }
        text.Append(TextOrTemplate(call, 3));
        return call.Checked(text.ToString());
    }

    private static string TextOrTemplate(TemplateCallContext call, int index)
    {
        var text = call.Text(index);
        return text.StartsWith(TemplatePrefix, StringComparison.Ordinal)
            ? Include(call, text[TemplatePrefix.Length..])
            : text;
    }

    private static string Include(TemplateCallContext call, string name) =>
        PageRunner.Run(call, Load(call, name), Arguments(name, [], call.Named), $"'{name}'");

    private static string? Include(TemplateCallContext call)
    {
        var name = call.Text(0);
        var page = Load(call, name);
        var arguments = Arguments(name, call.Rest, call.Named);
        if (!call.IsStatement)
            return PageRunner.Run(call, page, arguments, $"'{name}'");
        PageRunner.RunInPlace(call, page, arguments, $"'{name}'");
        return null;
    }

    private static Template Load(TemplateCallContext call, string name)
    {
        if (call.Context.Options.Loader is not { } loader)
            throw call.Error(TemplateDiagnostics.IncludeNotAvailable(call.SpanOf(0), name));
        if (loader.Load(name) is not { } page)
            throw call.Error(TemplateDiagnostics.IncludeNotFound(call.SpanOf(0), name));
        return page.HasErrors
            ? throw call.Error(
                TemplateDiagnostics.IncludeHasErrors(call.SpanOf(0), name, page.Diagnostics[0])
            )
            : page;
    }

    private static TemplateArray Arguments(
        string name,
        IReadOnlyList<object?> arguments,
        TemplateObject named
    )
    {
        TemplateArray all = [name, .. arguments];
        if (named.Count > 0)
            all.Members = named;
        return all;
    }
}
