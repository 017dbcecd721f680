using Strata.Compiler.Diagnostics;
using Strata.Compiler.Templating;

namespace Strata.Compiler.Tests.Templating;

public sealed class HostFunctionTests
{
    private static readonly TemplateFunction s_ref = TemplateFunction.Create(
        "ref",
        [new TemplateParameter("name"), TemplateParameter.Optional("version")],
        call => $"<{call.Text(0)}{(call.IsGiven("version") ? "@" + call.Text(1) : "")}>"
    );

    [Theory]
    [InlineData("{{ ref \"x\" }}", "<x>")]
    [InlineData("{{ ref(\"x\") }}", "<x>")]
    [InlineData("{{ \"x\" | ref }}", "<x>")]
    [InlineData("{{ ref name: \"x\" version: 2 }}", "<x@2>")]
    [InlineData("{{ ref(\"x\", version: 2) }}", "<x@2>")]
    [InlineData("{{ ref ^[\"x\", 3] }}", "<x@3>")]
    [InlineData("{{ f = @ref; f \"x\" }}", "<x>")]
    [InlineData("{{ $\"{ref \"x\"} t\" }}", "<x> t")]
    public void Call_InEveryForm_BindsItsArguments(string template, string expected) =>
        Rendering.Text(template, Rendering.Scope(("ref", s_ref))).ShouldBe(expected);

    [Theory]
    [InlineData("{{ if is_incremental }}a{{ else }}b{{ end }}")]
    [InlineData("{{ if is_incremental() }}a{{ else }}b{{ end }}")]
    [InlineData("{{ if !is_incremental }}b{{ else }}a{{ end }}")]
    public void Call_WithoutArguments_HappensWhenMentioned(string template)
    {
        var function = TemplateFunction.Create("is_incremental", [], _ => true);

        Rendering.Text(template, Rendering.Scope(("is_incremental", function))).ShouldBe("a");
    }

    [Fact]
    public void Call_OfAFunctionThatTakesAnyName_GetsThemInOrderWithTheirPlaces()
    {
        List<string> seen = [];
        var config = TemplateFunction.Create(
            "config",
            [],
            call =>
            {
                seen.AddRange(call.Named.Select(argument => $"{argument.Key}={call.TextOf(argument.Value)}"));
                seen.Add(call.SpanOf("unique_key").Text);
                return null;
            },
            takesAnyName: true
        );

        Rendering
            .Text(
                "{{ config materialized: \"incremental\" unique_key: [\"id\"] }}select 1",
                Rendering.Scope(("config", config))
            )
            .ShouldBe("select 1");
        seen.ShouldBe(["materialized=incremental", "unique_key=[\"id\"]", "[\"id\"]"]);
    }

    [Fact]
    public void Fail_WithADiagnostic_StopsTheRenderThere()
    {
        var function = TemplateFunction.Create(
            "check",
            [new TemplateParameter("name")],
            call =>
            {
                call.Fail(TemplateDiagnostics.IncludeNotFound(call.SpanOf(0), call.Text(0)));
                return null;
            }
        );

        var result = Rendering.Render("a{{ check \"x\" }}b", Rendering.Scope(("check", function)));

        result.Text.ShouldBe("a");
        result.Diagnostics.ShouldHaveSingleItem().Span?.Text.ShouldBe("\"x\"");
    }

    [Fact]
    public void Origin_InsideAMacro_HoldsTheCallsAroundIt()
    {
        string? place = null;
        var function = TemplateFunction.Create(
            "where",
            [],
            call =>
            {
                place = $"{call.Origin.Span} from {call.Origin.Outermost.Span}";
                return null;
            }
        );
        var library = MacroLibrary.Load([
            Rendering.Parse("{{ func m() }}\n{{ where }}{{ end }}", "macros/m.sql"),
        ]);

        Rendering.Text("\n\n{{ m }}", library.ToScope(Rendering.Scope(("where", function))));

        place.ShouldBe("macros/m.sql:2:4 from models/m.sql:3:4");
    }

    [Fact]
    public void Values_OfTheHost_BecomeValuesOfTheLanguage()
    {
        var scope = Rendering.Scope(
            ("list", new List<string> { "a", "b" }),
            ("numbers", new[] { 1, 2 }),
            (
                "map",
                new Dictionary<string, object?> { ["x"] = new Dictionary<string, object?> { ["y"] = 1L } }
            ),
            ("day", new DateOnly(2024, 3, 5)),
            ("small", (short)3)
        );

        Rendering
            .Text(
                "{{ list | array.join \"+\" }} {{ numbers[1] }} {{ map.x.y }} {{ day }} {{ small + 1 }}",
                scope
            )
            .ShouldBe("a+b 2 1 2024-03-05 4");
    }

    [Fact]
    public void Assignment_OfATemplate_DoesNotReachTheScope()
    {
        var scope = Rendering.Scope(("x", 1));

        Rendering
            .Text("{{ x = 2; date.format = \"%Y%m\"; x }}{{ date.parse \"2024-03-05\" }}", scope)
            .ShouldBe("2202403");
        Rendering.Text("{{ x }}{{ date.parse \"2024-03-05\" }}", scope).ShouldBe("12024-03-05");
    }

    [Fact]
    public void SqlFunctions_WithoutADialect_SaySo() =>
        Rendering.Error("{{ sql_literal 1 }}").Code.ShouldBe("ST2137");

    [Theory]
    [InlineData("{{ o.x = 1 }}")]
    [InlineData("{{ p = o; p.deep.x = 1 }}")]
    [InlineData("{{ o.list[0] = 1 }}")]
    [InlineData("{{ with o; x = 1; end }}")]
    [InlineData("{{ with o; import { x: 1 }; end }}")]
    [InlineData("{{ with o; readonly x; end }}")]
    [InlineData("{{ with o.deep; func x; end; end }}")]
    public void Objects_OfTheScope_CannotBeChanged(string template)
    {
        var scope = Rendering.Scope(
            (
                "o",
                new Dictionary<string, object?>
                {
                    ["deep"] = new Dictionary<string, object?>(),
                    ["list"] = new List<object?> { 0 },
                }
            )
        );

        Rendering.Error(template, scope).Code.ShouldBe("ST2111");
        Rendering.Text("{{ o | object.to_json }}", scope).ShouldBe("{\"deep\":{},\"list\":[0]}");
    }
}
