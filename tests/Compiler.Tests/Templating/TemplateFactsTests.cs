using Strata.Compiler.Templating;

namespace Strata.Compiler.Tests.Templating;

public sealed class TemplateFactsTests
{
    [Theory]
    [InlineData("{{ ref \"a\" }}", "ref(\"a\")")]
    [InlineData("{{ ref(\"a\") }}", "ref(\"a\")")]
    [InlineData("{{ \"a\" | ref }}", "ref(\"a\")")]
    [InlineData("{{ ref name: \"a\" }}", "ref(name: \"a\")")]
    [InlineData("{{ source \"landing\" (\"events\") }}", "source(\"landing\", \"events\")")]
    [InlineData("{{ config tags: [\"a\", {b: -1}] }}", "config(tags: [\"a\",{\"b\":-1}])")]
    [InlineData("{{ x = 1; ref x }}", "ref(?), x()")]
    [InlineData("{{ target.name }}", "target.name()")]
    [InlineData("{{ if is_incremental; ref \"a\"; end }}", "is_incremental(), ref(\"a\")?")]
    [InlineData("{{ true ? ref(\"a\") : ref(\"b\") }}", "ref(\"a\")?, ref(\"b\")?")]
    [InlineData("{{ for m in [\"a\"]; ref m; end }}", "ref(?)?")]
    [InlineData("{{ $\"{ref \"a\"}\" }}", "ref(\"a\")")]
    [InlineData("{{ wrap f do; ref \"a\"; end; ref \"b\"; end }}", "f(?), ref(\"a\")?, ref(\"b\")?")]
    public void Calls_OfATemplate_AreFoundWithTheirConstants(string template, string expected) =>
        string.Join(", ", Rendering.Parse(template).Facts.Calls.Select(Describe)).ShouldBe(expected);

    [Fact]
    public void Calls_InsideAFunction_NameTheFunction()
    {
        var call = Rendering
            .Parse("{{ func star(m) }}{{ ref \"a\" }}{{ end }}")
            .Facts.Calls.ShouldHaveSingleItem();

        call.Function.ShouldBe("star");
        call.IsConditional.ShouldBeTrue();
        call.Arguments[0].Span.Text.ShouldBe("\"a\"");
    }

    [Fact]
    public void Names_OfATemplate_TellDefinedFromRead()
    {
        var facts = Rendering
            .Parse("{{ x = y; x += 1; capture z; a; end; func f(p); p + q; end; for i in xs; i; end }}")
            .Facts;

        facts.Defined.ShouldBe(["f", "x", "z"]);
        facts.Read.ShouldBe(["a", "q", "x", "xs", "y"]);
    }

    [Fact]
    public void Facts_OfVeryLongChains_DoNotOverflow()
    {
        var facts = Rendering.Parse("{{ " + string.Join(" + ", Enumerable.Repeat("x", 20_000)) + " }}").Facts;

        facts.Calls.Length.ShouldBe(20_000);
    }

    private static string Describe(TemplateCall call)
    {
        var arguments = call.Arguments.Select(argument =>
            (argument.Name is null ? "" : argument.Name + ": ")
            + (argument.IsConstant ? Json(argument.Value) : "?")
        );
        return $"{call.Name}({string.Join(", ", arguments)}){(call.IsConditional ? "?" : "")}";
    }

    private static string Json(object? value) =>
        Rendering.Text("{{ v | object.to_json }}", Rendering.Scope(("v", value)));
}
