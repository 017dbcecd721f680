using System.Text.Json;
using Strata.Cli.Output;

namespace Strata.Cli.Tests;

public sealed class RedactionTests
{
    [Fact]
    public void Redact_SecretThatContainsAnother_LeavesNoRest()
    {
        var redactor = new Redactor();
        redactor.Add(["hunter", "hunter22"]);

        redactor.Redact("pw=hunter22; old=hunter").ShouldBe("pw=***; old=***");
    }

    [Theory]
    [InlineData("a\"b\\c")]
    [InlineData("p@ss word/?")]
    [InlineData("ümlaut'quote")]
    public void Redact_SecretAsJsonOrUrl_IsMasked(string secret)
    {
        var redactor = new Redactor();
        redactor.Add([secret]);

        redactor.Redact(JsonSerializer.Serialize(new { secret })).ShouldBe("{\"secret\":\"***\"}");
        redactor.Redact($"postgres://u:{Uri.EscapeDataString(secret)}@h").ShouldBe("postgres://u:***@h");
        redactor.Redact($"'{secret.Replace("'", "''", StringComparison.Ordinal)}'").ShouldBe("'***'");
    }

    [Fact]
    public void RedactMarkup_MasksTexts_AndLeavesTheDocument()
    {
        var redactor = new Redactor();
        redactor.Add(["test", "123", "a<b"]);

        redactor
            .RedactMarkup(
                """
                <testsuites time="123"><testcase name="my test > 123" failures="1"/><style>.test { x: 123 }</style>pw=test a&lt;b</testsuites>
                """
            )
            .ShouldBe(
                """
                <testsuites time="123"><testcase name="my *** > ***" failures="1"/><style>.test { x: 123 }</style>pw=*** ***</testsuites>
                """
            );
    }

    [Fact]
    public void RedactJson_MasksValues_AndStaysJson()
    {
        var redactor = new Redactor();
        redactor.Add(["1234", "a\"b", "u003c"]);

        redactor
            .RedactJson(
                """
                { "1234" : 12345, "texts": ["pw=1234", "a\"b", "\u003c", "\\", "is \"1234\""], "more": [] }
                {"line":"1234"}
                """
            )
            .ShouldBe(
                """
                { "1234" : 12345, "texts": ["pw=***", "***", "\u003c", "\\", "is \"***\""], "more": [] }
                {"line":"***"}
                """
            );
    }

    [Fact]
    public void RedactingWriter_JsonAfterHalfALine_GoesOutBehindIt()
    {
        var redactor = new Redactor();
        redactor.Add(["123"]);
        using var inner = new StringWriter();
        using var writer = new RedactingWriter(inner, redactor);

        writer.Write("123 ");
        writer.WriteJsonLine("""{"n":123,"t":"123"}""");

        inner.ToString().ShouldBe("*** {\"n\":123,\"t\":\"***\"}\n");
    }

    [Fact]
    public void Redact_TooShortToHideAnything_LeavesTheTextReadable()
    {
        var redactor = new Redactor();
        redactor.Add(["", "a", "ab"]);

        redactor.Redact("a table about abc").ShouldBe("a table about abc");
    }

    [Fact]
    public void RedactingWriter_SecretInTwoWrites_IsMasked()
    {
        var redactor = new Redactor();
        redactor.Add(["hunter22"]);
        using var inner = new StringWriter();
        using var writer = new RedactingWriter(inner, redactor);

        writer.Write("password hun");
        writer.Write("ter22\nnext");
        writer.Flush();

        inner.ToString().ShouldBe("password ***\nnext");
    }

    [Fact]
    public void RedactingWriter_FromManyThreads_KeepsLinesWhole()
    {
        using var inner = new StringWriter();
        using var writer = new RedactingWriter(inner, new Redactor());

        Parallel.For(0, 500, i => writer.WriteLine($"line {i:000} of five hundred"));
        writer.Flush();

        inner
            .ToString()
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Order(StringComparer.Ordinal)
            .ShouldBe(Enumerable.Range(0, 500).Select(i => $"line {i:000} of five hundred"));
    }
}
