using Strata.Compiler.Templating;

namespace Strata.Conformance.Scriban;

/// <summary>The host functions that some cases need.</summary>
internal static class ScribanFunctions
{
    public static TemplateFunction Create(string name) =>
        name switch
        {
            "special_concat_strings" => TemplateFunction.Create(
                name,
                [
                    TemplateParameter.Optional("a", "default_a"),
                    TemplateParameter.Optional("b", "default_b"),
                    TemplateParameter.Optional("c", "default_c"),
                ],
                call => $"a: {call.Text(0)}, b: {call.Text(1)}, c: {call.Text(2)}"
            ),
            "special_concat_string_and_params" => TemplateFunction.Create(
                name,
                [new TemplateParameter("a"), TemplateParameter.Variadic("args")],
                call => $"a: {call.Text(0)}{string.Concat(Values(call).Select(value => ", " + value))}"
            ),
            "special_concat_params" => TemplateFunction.Create(
                name,
                [TemplateParameter.Variadic("args")],
                call => string.Join(", ", Values(call))
            ),
            _ => throw new NotSupportedException($"no host function '{name}'"),
        };

    private static IEnumerable<string> Values(TemplateCallContext call) =>
        call.Rest.Select((value, index) => $"v{index}: {call.TextOf(value)}");
}
