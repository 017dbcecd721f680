using Strata.Compiler.Templating;

namespace Strata.Compiler.Tests.Templating;

public sealed class MacroLibraryTests
{
    private const string A = "{{ func a(x) }}{{ b x }}!{{ end }}";
    private const string B = "{{ func b(x) }}{{ c x }}?{{ end }}\n{{ func c(x) }}({{ x }}){{ end }}";

    [Fact]
    public void Load_FilesInAnyOrder_LetsMacrosCallEachOther()
    {
        var forward = MacroLibrary.Load([Rendering.Parse(A, "a.sql"), Rendering.Parse(B, "b.sql")]);
        var backward = MacroLibrary.Load([Rendering.Parse(B, "b.sql"), Rendering.Parse(A, "a.sql")]);

        Rendering.Text("{{ a 1 }}", forward.ToScope()).ShouldBe("(1)?!");
        Rendering.Text("{{ a 1 }}", backward.ToScope()).ShouldBe("(1)?!");
        forward.Macros.Select(macro => macro.Name).ShouldBe(["a", "b", "c"]);
    }

    [Fact]
    public void Macro_CallingTheHost_FindsTheFunctionsOfTheRender()
    {
        var library = MacroLibrary.Load([Rendering.Parse("{{ func star(m) }}{{ ref m }}.*{{ end }}")]);
        var one = TemplateFunction.Create(
            "ref",
            [new TemplateParameter("name")],
            call => "one." + call.Text(0)
        );
        var two = TemplateFunction.Create(
            "ref",
            [new TemplateParameter("name")],
            call => "two." + call.Text(0)
        );

        Render(one).ShouldBe("one.t.*");
        Render(two).ShouldBe("two.t.*");

        string Render(TemplateFunction function) =>
            Rendering.Text(
                "{{ star \"t\" }}",
                TemplateScope.Create([KeyValuePair.Create("ref", (object?)function)], library.ToScope())
            );
    }

    [Fact]
    public void Fingerprint_OfAMacro_ChangesWithWhatItCalls()
    {
        var before = Load(B);
        var elsewhere = Load(B + "\n{{ func unrelated() }}1{{ end }}");
        var changed = Load(B.Replace("({{ x }})", "[{{ x }}]"));

        elsewhere.Fingerprint("a").ShouldBe(before.Fingerprint("a"));
        changed.Fingerprint("a").ShouldNotBe(before.Fingerprint("a"));
        changed.Fingerprint("c").ShouldNotBe(before.Fingerprint("c"));
        before.Closure("a").ShouldBe(["a", "b", "c"]);

        static MacroLibrary Load(string second) =>
            MacroLibrary.Load([Rendering.Parse(A, "a.sql"), Rendering.Parse(second, "b.sql")]);
    }

    [Fact]
    public void Load_TwoMacrosOfOneName_IsAnError()
    {
        var library = MacroLibrary.Load([Rendering.Parse(A, "a.sql"), Rendering.Parse(A, "b.sql")]);

        var error = library.Diagnostics.ShouldHaveSingleItem();
        error.Code.ShouldBe("ST2139");
        error.Span?.File.Path.ShouldBe("b.sql");
    }

    [Fact]
    public void Load_TextBetweenMacros_IsAWarning()
    {
        var library = MacroLibrary.Load([Rendering.Parse("select 1\n" + A)]);

        library.Diagnostics.ShouldHaveSingleItem().Code.ShouldBe("ST2140");
        library.HasErrors.ShouldBeFalse();
    }

    [Fact]
    public void Macro_DefaultsAndLists_AreFreshAtEachCall()
    {
        var library = MacroLibrary.Load([
            Rendering.Parse("{{ func f(xs = []); xs[xs.size] = 1; ret xs.size; end }}"),
        ]);

        Rendering.Text("{{ f }}{{ f }}", library.ToScope()).ShouldBe("11");
    }
}
