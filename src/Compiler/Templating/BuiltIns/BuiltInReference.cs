using System.Text;

namespace Strata.Compiler.Templating.BuiltIns;

/// <summary>Writes docs/reference/builtins.md from the functions themselves.</summary>
internal static class BuiltInReference
{
    /// <summary>Every function with its full name, the global ones first, then by object.</summary>
    public static IEnumerable<BuiltInFunction> Functions() => Groups().SelectMany(group => group.Functions);

    public static string ToMarkdown()
    {
        var text = new StringBuilder();
        text.Append(
            """
            # Built-in functions

            <!-- Generated from the code: UPDATE_GOLDEN=1 dotnet test tests/Compiler.Tests --filter BuiltInReference -->

            What every template can call. Arguments are given by position or by name, and a value before `|` is the
            first argument: `"a" | string.append "b"`, `string.append "a" "b"` and `string.append(text: "a", with: "b")` are the
            same. `<name>` must be given, `<name>?` may be left out, `<name>...` takes any number. Null is passed through by most
            functions. Models also have `ref`, `source`, `config`, `var` and so on, and the macros of the project. The language itself
            is described in [template language](template-language.md).


            """
        );
        foreach (var (title, functions, constants) in Groups())
        {
            text.Append("## ").Append(title).Append("\n\n");
            foreach (var (name, meaning) in constants)
                text.Append("- `").Append(name).Append("`: ").Append(meaning).Append('\n');
            if (constants.Length > 0)
                text.Append('\n');
            foreach (var function in functions)
                Append(text, function);
        }
        return text.ToString().TrimEnd('\n') + "\n";
    }

    private static void Append(StringBuilder text, BuiltInFunction function)
    {
        text.Append("### ").Append(function.Name).Append("\n\n`").Append(function.Name);
        foreach (var parameter in function.Parameters)
        {
            text.Append(" <").Append(parameter.Name).Append('>');
            text.Append(
                parameter.IsVariadic ? "..."
                : parameter.IsOptional ? "?"
                : ""
            );
        }
        text.Append("`\n\n").Append(function.Description).Append("\n\n");
        if (function.Example is { } example)
            text.Append("```template\n").Append(example).Append("\n```\n\n");
        if (function.Output is { } output)
            text.Append("```text\n").Append(output).Append("\n```\n\n");
    }

    private static IEnumerable<Group> Groups()
    {
        var globals = BuiltInCatalogue.Globals;
        yield return new Group(
            "Global",
            [.. globals.Values.OfType<BuiltInFunction>()],
            [("empty", "an empty object that is false, and that every empty array or object equals")]
        );
        foreach (var @object in globals.Values.OfType<BuiltInObject>())
        {
            yield return new Group(
                @object.Name,
                [.. @object.Select(member => member.Value).OfType<BuiltInFunction>()],
                ConstantsOf(@object.Name)
            );
        }
    }

    private static (string Name, string Meaning)[] ConstantsOf(string name) =>
        name switch
        {
            "date" =>
            [
                (
                    "date.format",
                    "the pattern of `date.to_string`; once a template has set it, dates are printed in it too. Until then they are printed as SQL reads them: `2024-03-05 06:07:08`"
                ),
                ("date.default_format", "what `date.format` is at first: `%d %b %Y`"),
            ],
            "timespan" => [("timespan.zero", "no time at all")],
            _ => [],
        };

    private sealed record Group(
        string Title,
        IReadOnlyList<BuiltInFunction> Functions,
        (string Name, string Meaning)[] Constants
    );
}
