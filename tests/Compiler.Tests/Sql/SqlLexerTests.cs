using FsCheck;
using FsCheck.Fluent;
using Strata.Compiler.Sql;

namespace Strata.Compiler.Tests.Sql;

public sealed class SqlLexerTests
{
    [Theory]
    [InlineData("select a1 from \"T \"\"x\"\"\"", "Word:select Word:a1 Word:from QuotedName:\"T \"\"x\"\"\"")]
    [InlineData("'it''s' E'a\\'b' '\\'", "String:'it''s' String:E'a\\'b' String:'\\'")]
    [InlineData("$$ ; ' $$ $t$ $$ $t$ $1", "String:$$ ; ' $$ String:$t$ $$ $t$ Symbol:$ Number:1")]
    [InlineData("/* a /* b */ c */ x -- y", "Comment:/* a /* b */ c */ Word:x Comment:-- y")]
    [InlineData("1.5e-3-2 a.b", "Number:1.5e-3 Symbol:- Number:2 Word:a Symbol:. Word:b")]
    [InlineData("'a", "Unclosed:'a")]
    [InlineData("x$y größe", "Word:x$y Word:größe")]
    // an escape string goes on in another line, also behind a comment
    [InlineData("e'a'\n'b\\'c' d", "String:e'a' String:'b\\'c' Word:d")]
    [InlineData("e'a' -- '\n\t'b\\'' '\\'", "String:e'a' Comment:-- ' String:'b\\'' String:'\\'")]
    [InlineData("e'a' '\\' x", "String:e'a' String:'\\' Word:x")]
    [InlineData("e'a',\n'\\' x", "String:e'a' Symbol:, String:'\\' Word:x")]
    [InlineData("e'a'/**/\n'\\' x", "String:e'a' Comment:/**/ String:'\\' Word:x")]
    [InlineData("a€ m² °C e\u0301x", "Word:a€ Word:m² Word:°C Word:e\u0301x")]
    [InlineData("a\u200bb\ufeffc", "Word:a Word:b Word:c")]
    [InlineData("0x1e--it's", "Number:0x1e Comment:--it's")]
    [InlineData("0x1e-5 1e--5", "Number:0x1e Symbol:- Number:5 Number:1e Comment:--5")]
    [InlineData("1_0.e+5 1e-x", "Number:1_0.e+5 Number:1e Symbol:- Word:x")]
    public void Read_Text_GivesItsTokens(string text, string tokens) => Describe(text).ShouldBe(tokens);

    [Fact]
    public void Read_AnyText_CoversItInOrderAndEnds() =>
        Prop.ForAll(
                ArbMap.Default.GeneratorFor<NonNull<string>>().ToArbitrary(),
                any =>
                {
                    var text = any.Get;
                    var lexer = new SqlLexer(text);
                    var end = 0;
                    while (lexer.TryRead(out var token))
                    {
                        token.Start.ShouldBeGreaterThanOrEqualTo(end);
                        token.Length.ShouldBeGreaterThan(0);
                        text[end..token.Start].ShouldAllBe(c => SqlLexer.IsSpace(c));
                        end = token.End;
                    }
                    text[end..].ShouldAllBe(c => SqlLexer.IsSpace(c));
                }
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Fit_NameThatIsShortEnough_IsTheNameItself() => Identifiers.Fit("short", 5).ShouldBe("short");

    [Fact]
    public void Fit_TwoLongNames_StayApartAndWhole()
    {
        var names = Enumerable
            .Range(0, 50)
            .Select(i =>
                Identifiers.Fit(new string('ü', 40) + i, PostgresDialect.Instance.MaxIdentifierBytes)
            )
            .ToList();

        names.Distinct().Count().ShouldBe(50);
        names.ShouldAllBe(name => System.Text.Encoding.UTF8.GetByteCount(name) <= 63);
    }

    private static string Describe(string text)
    {
        var lexer = new SqlLexer(text);
        var tokens = new List<string>();
        while (lexer.TryRead(out var token))
            tokens.Add($"{token.Kind}:{text.Substring(token.Start, token.Length)}");
        return string.Join(' ', tokens);
    }
}
