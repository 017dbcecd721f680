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
                        text[end..token.Start].ShouldAllBe(c => char.IsWhiteSpace(c));
                        end = token.End;
                    }
                    text[end..].ShouldAllBe(c => char.IsWhiteSpace(c));
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
