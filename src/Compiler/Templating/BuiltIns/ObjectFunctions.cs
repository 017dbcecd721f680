using Strata.Compiler.Diagnostics;
using Strata.Compiler.Templating.Evaluation;
using Strata.Compiler.Templating.Syntax;
using Strata.Compiler.Templating.Values;
using Strata.Compiler.Text;

namespace Strata.Compiler.Templating.BuiltIns;

/// <summary><c>object</c>: functions on values of any type.</summary>
internal static class ObjectFunctions
{
    private static readonly TemplateParameter s_value = new("value");

    public static BuiltInObject Create() =>
        BuiltInObject.Create(
            "object",
            [
                new(
                    "object.default",
                    "The value, or a default where it is null or empty text.",
                    [s_value, new("default")],
                    call => call[0] is null or "" ? call[1] : call[0],
                    "{{ null | object.default \"none\" }}",
                    "none"
                ),
                new(
                    "object.eval",
                    "The value of a text that is read as an expression.",
                    [s_value],
                    Eval,
                    "{{ \"1 + 2\" | object.eval }}",
                    "3"
                ),
                new(
                    "object.eval_template",
                    "What a text prints that is read as a template.",
                    [s_value],
                    EvalTemplate,
                    "{{ object.eval_template `x{{ 1 + 2 }}` }}",
                    "x3"
                ),
                new(
                    "object.format",
                    "The value in a .NET format of a culture.",
                    [s_value, new("format"), TemplateParameter.Optional("culture")],
                    Formatting.Format,
                    "{{ 255 | object.format \"X4\" }}",
                    "00FF"
                ),
                new(
                    "object.has_key",
                    "Whether the object has a member of that name.",
                    [s_value, new("key")],
                    call => Boxes.Of(TryGet(call, out _)),
                    "{{ {id: null} | object.has_key \"id\" }}",
                    "true"
                ),
                new(
                    "object.has_value",
                    "Whether the object has a member of that name that is not null.",
                    [s_value, new("key")],
                    call => Boxes.Of(TryGet(call, out var value) && value is not null),
                    "{{ {id: null} | object.has_value \"id\" }}",
                    "false"
                ),
                new(
                    "object.keys",
                    "The names of the members.",
                    [s_value],
                    call => new TemplateArray(Members(call).Select(member => (object?)member.Key)),
                    "{{ {id: 1, name: \"x\"} | object.keys }}",
                    "[\"id\", \"name\"]"
                ),
                new(
                    "object.size",
                    "The number of characters, of items or of members.",
                    [s_value],
                    Size,
                    "{{ {id: 1, name: \"x\"} | object.size }}",
                    "2"
                ),
                new(
                    "object.typeof",
                    "The kind of a value in broad terms: `string`, `boolean`, `number`, `array`, `iterator`, `object`; null for null.",
                    [s_value],
                    call => TypeOf(call[0]),
                    "{{ 1.5 | object.typeof }}",
                    "number"
                ),
                new(
                    "object.kind",
                    "The exact kind of a value: `int`, `long`, `bigint`, `float`, `double`, `decimal`, `bool`, `string`, `range`, `array`, `object`, ...; null for null.",
                    [s_value],
                    call => call[0] is null ? null : ValueText.TypeName(call[0]),
                    "{{ 1.5 | object.kind }}",
                    "double"
                ),
                new(
                    "object.values",
                    "The values of the members.",
                    [s_value],
                    call => new TemplateArray(Members(call).Select(member => member.Value)),
                    "{{ {id: 1, name: \"x\"} | object.values }}",
                    "[1, \"x\"]"
                ),
                new(
                    "object.from_json",
                    "The value that JSON text describes.",
                    [new("json")],
                    JsonText.Parse,
                    "{{ (object.from_json `{\"id\": 5}`).id }}",
                    "5"
                ),
                new(
                    "object.to_json",
                    "The value as JSON text.",
                    [s_value],
                    JsonText.Write,
                    "{{ {id: 1, tags: [\"a\"]} | object.to_json }}",
                    "{\"id\":1,\"tags\":[\"a\"]}"
                ),
            ]
        );

    private static object? Eval(TemplateCallContext call)
    {
        if (call[0] is not string text)
            return call[0] is TemplateFunction function ? call.Call(function) : call[0];
        var page = Parse(call, text, isScript: true);
        // an expression keeps its type; anything else gives what it prints
        return page.Body.Statements is [ExpressionStatement single]
            ? PageRunner.Evaluate(call, page, single.Expression)
            : PageRunner.Run(call, page, null, "the evaluated text");
    }

    private static object? EvalTemplate(TemplateCallContext call)
    {
        if (call[0] is not string text)
            return call[0] is TemplateFunction function ? call.Call(function) : call[0];
        return PageRunner.Run(call, Parse(call, text, isScript: false), null, "the evaluated text");
    }

    private static Template Parse(TemplateCallContext call, string text, bool isScript)
    {
        var options = TemplateParseOptions.Default with
        {
            IsScript = isScript,
            IsLenient = call.Context.Options.IsLenient,
        };
        var page = Template.Parse(new SourceText("<evaluated text>", text), options);
        return page.HasErrors
            ? throw call.Invalid(0, $"the text has a mistake: {page.Diagnostics[0].Message}")
            : page;
    }

    private static bool TryGet(TemplateCallContext call, out object? value)
    {
        value = null;
        if (call.TextOrNull(1) is not { } key)
            return false;
        return call[0] switch
        {
            TemplateObject @object => @object.TryGet(key, out value),
            TemplateArray { Members: { } members } => members.TryGet(key, out value),
            _ => false,
        };
    }

    private static IEnumerable<KeyValuePair<string, object?>> Members(TemplateCallContext call)
    {
        var members = call[0] switch
        {
            null => [],
            TemplateObject @object => @object,
            TemplateArray array => array.Members ?? [],
            _ => throw call.Invalid(
                0,
                $"expected an object, not a value of type {ValueText.TypeName(call[0])}"
            ),
        };
        call.CountIterations(members.Count);
        return members;
    }

    private static object Size(TemplateCallContext call) =>
        Boxes.Of(
            call[0] switch
            {
                string text => text.Length,
                IReadOnlyList<object?> list => list.Count,
                TemplateObject @object => @object.Count,
                _ => 0,
            }
        );

    private static string? TypeOf(object? value) =>
        value switch
        {
            null => null,
            string => "string",
            bool => "boolean",
            TemplateRange => "iterator",
            TemplateArray => "array",
            _ when Arithmetic.IsNumber(value) => "number",
            _ => "object",
        };
}
