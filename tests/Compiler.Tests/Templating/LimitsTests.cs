using Strata.Compiler.Templating;

namespace Strata.Compiler.Tests.Templating;

public sealed class LimitsTests
{
    [Theory]
    [InlineData("{{ while true; end }}", "ST2201")]
    [InlineData("{{ for a in 1..100; for b in 1..100; end; end }}", "ST2201")]
    [InlineData("{{ 1..1000 | array.reverse }}", "ST2201")]
    [InlineData("{{ [1] * 5000 }}", "ST2201")]
    [InlineData("{{ x = [1]; x | array.each do; x[x.size] = 1; end }}", "ST2201")]
    [InlineData("{{ x = []; x[5000] = 1 }}", "ST2201")]
    [InlineData("{{ func f(n); f(n + 1); end; f 1 }}", "ST2202")]
    [InlineData("{{ include \"self\" }}", "ST2202")]
    [InlineData("{{ \"a\" * 5000 }}", "ST2203")]
    [InlineData("{{ \"a\" | string.pad_left 5000 }}", "ST2203")]
    [InlineData("{{ x = \"ab\" * 400; x | string.replace \"a\" x }}", "ST2203")]
    [InlineData("{{ x = \"ab\" * 400; x | regex.replace \"a\" x }}", "ST2203")]
    [InlineData("{{ x = \"ab\" * 400; [x, x] | array.join \"\" }}", "ST2203")]
    [InlineData("{{ x = \"ab\" * 400; $\"{x}{x}\" }}", "ST2203")]
    [InlineData("{{ x = \"ab\" * 400; x + x }}", "ST2203")]
    [InlineData("{{ x = \"ab\" * 400; {a: x, b: x} | object.to_json }}", "ST2203")]
    [InlineData("{{ x = \"ab\" * 400; capture y; x; x; end }}", "ST2203")]
    [InlineData("{{ x = []; x[0] = x; x }}", "ST2206")]
    [InlineData("{{ x = []; x[0] = x; y = []; y[0] = y; x == y }}", "ST2206")]
    [InlineData("{{ x = {}; x.x = x; x | object.to_json }}", "ST2206")]
    [InlineData("{{ (\"a\" * 40) + \"b\" | regex.match `^((a+)+)\\1$` }}", "ST2204")]
    [InlineData("{{ x = 1; for i in 1..60; x = x * 1000000000000000000; x = x * x; end }}", "ST2135")]
    public void Limit_Overrun_IsAnErrorThatNamesIt(string template, string code)
    {
        var options = RenderOptions.Default with
        {
            Limits = new TemplateLimits
            {
                Iterations = 900,
                OutputLength = 1000,
                RegexTime = TimeSpan.FromMilliseconds(300),
            },
            Loader = new SelfLoader(),
        };

        var error = Rendering.Error(template, options: options);

        error.Code.ShouldBe(code);
        if (code is "ST2201" or "ST2202" or "ST2203" or "ST2204")
            error.Hint.ShouldNotBeNull().ShouldContain("templates.limits.");
    }

    [Fact]
    public void TotalTime_Overrun_IsAnError()
    {
        var limits = new TemplateLimits { Iterations = 0, TotalTime = TimeSpan.FromMilliseconds(30) };

        Rendering
            .Error("{{ while true; end }}", options: RenderOptions.Default with { Limits = limits })
            .Code.ShouldBe("ST2205");
    }

    [Theory]
    [InlineData("{{ ", "(", "1", ")", " }}")]
    [InlineData("{{ ", "[", "1", "]", " }}")]
    [InlineData("{{ ", "{a:", "1", "}", " }}")]
    [InlineData("{{ ", "!", "1", "", " }}")]
    [InlineData("{{ ", "-", "1", "", " }}")]
    [InlineData("{{ ", "@", "x", "", " }}")]
    [InlineData("", "{{ if true }}", "1", "{{ end }}", "")]
    [InlineData("", "{{ for x in [1] }}", "1", "{{ end }}", "")]
    [InlineData("{{ if false; ", "else if false; ", "", "", "end }}")]
    [InlineData("{{ ", "f(", "1", ")", " }}")]
    [InlineData("{{ ", "true ? ", "1", " : 2", " }}")]
    [InlineData("{{ ", "x[", "1", "]", " }}")]
    [InlineData("{{ ", "$\"{", "1", "}\"", " }}")]
    [InlineData("{{ ", "do; ", "1", "; end", " }}")]
    [InlineData("{{ x = 1; ", "1 + ", "1", "", " }}")]
    [InlineData("{{ x = 1; ", "x.", "y", "", " }}")]
    [InlineData("{{ x = 1; x ", "| f ", "", "", " }}")]
    [InlineData("{{ x = 1; ", "x ?? ", "1", "", " }}")]
    public void Nesting_VeryDeep_IsAnErrorAndNeverOverflowsTheStack(
        string start,
        string open,
        string middle,
        string close,
        string end
    )
    {
        const int depth = 50_000;
        var text =
            start
            + string.Concat(Enumerable.Repeat(open, depth))
            + middle
            + string.Concat(Enumerable.Repeat(close, depth))
            + end;

        // reaching this line at all is the point; an overflow would end the process
        var result = Rendering.Render(text);

        foreach (var diagnostic in result.Diagnostics)
            diagnostic.Code.ShouldStartWith("ST2");
    }

    private sealed class SelfLoader : ITemplateLoader
    {
        public Template? Load(string name) => Rendering.Parse("{{ include \"self\" }}", name);
    }
}
