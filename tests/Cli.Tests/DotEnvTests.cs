using Strata.Cli.Session;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Text;

namespace Strata.Cli.Tests;

public sealed class DotEnvTests
{
    [Theory]
    [InlineData("A=1", "1")]
    [InlineData("  A = 1  ", "1")]
    [InlineData("export A=1", "1")]
    [InlineData("A=", "")]
    [InlineData("A=x # a remark", "x")]
    [InlineData("A=x#y", "x#y")]
    [InlineData("A='x # y'", "x # y")]
    [InlineData("A=\"two\\nlines \\\"here\\\"\"", "two\nlines \"here\"")]
    [InlineData("A='\\n'", "\\n")]
    [InlineData("A=a=b", "a=b")]
    [InlineData("A=1\r\n", "1")]
    [InlineData("A=1\nA=2", "2")]
    [InlineData("# A=0\n\nA=1", "1")]
    public void Parse_Line_GivesValue(string text, string expected) =>
        Parse(text, out _)["A"].ShouldBe(expected);

    [Theory]
    [InlineData("B=1\njust words", 2)]
    [InlineData("1A=x", 1)]
    [InlineData("\n\nA='open", 3)]
    public void Parse_LineThatSetsNothing_ReportsTheLine(string text, int line)
    {
        Parse(text, out var diagnostics);

        var found = diagnostics.ToSorted().ShouldHaveSingleItem();
        found.Code.ShouldBe("ST8006");
        found.Span!.Value.Start.Line.ShouldBe(line);
    }

    [Fact]
    public async Task Command_FileThatCannotBeRead_SaysWhichAndWhatToDo()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "strata.yml"), "name: shop\n");
        var path = Path.Combine(folder.Path, ".env");
        // the superuser may read every file, but none that is locked
        await using var locked = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None);
        var host = new CliTestHost(folder.Path);

        (await host.RunAsync("ls")).ShouldBe(2);

        host.Error.ShouldStartWith($"error ST8006: {path} cannot be read: ");
        host.Error.ShouldContain("= hint: make it readable for the user that runs strata");
    }

    private static Dictionary<string, string> Parse(string text, out DiagnosticBag diagnostics)
    {
        diagnostics = new DiagnosticBag();
        return DotEnv.Parse(new SourceText(".env", text), diagnostics);
    }
}
