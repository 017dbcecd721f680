using Shouldly;
using Strata.Compiler.Sql;
using Strata.Compiler.Text;
using Strata.Runner.Adapters;
using Strata.Runner.UnitTests;
using Xunit;

namespace Strata.Runner.Tests.UnitTests;

public sealed class CutValuesTests
{
    [Theory]
    [InlineData("1_5", "integer", "decimal digits")]
    [InlineData("epoch", "date", "in digits")]
    [InlineData("1.6", "integer", "would change the value")]
    public void AValueThatIsNotKept_SaysHowItIsWritten(string text, string type, string hint)
    {
        var file = new SourceText("models/m.yml", "m:\n");

        CutValues
            .FindCut([text], file.Span(0, 1), new ColumnSchema("id", type), EngineType.DuckDb)
            .ShouldNotBeNull()
            .Hint.ShouldNotBeNull()
            .ShouldContain(hint);
    }
}
