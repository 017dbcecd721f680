using Strata.Runner.Execution;

namespace Strata.Runner.Tests.Execution;

public sealed class FailpointsTests
{
    [Fact]
    public void Words_AreUniqueAndReadBack()
    {
        var words = Enum.GetValues<FailpointName>().Select(Failpoints.Word).ToList();

        words.ShouldBeUnique();
        words.ShouldContain("publish.after_commit");
        foreach (var word in words)
            Failpoints.Parse($"{word}:error").ShouldNotBeNull();
    }

    [Fact]
    public void Hit_ArmedForTheThirdTime_FailsThenAndOnlyThen()
    {
        var failpoints = Failpoints.Parse("stage.after:error@3");

        failpoints.Hit(FailpointName.StageAfter);
        failpoints.Hit(FailpointName.AuditAfter);
        failpoints.Hit(FailpointName.StageAfter);
        Should.Throw<FailpointException>(() => failpoints.Hit(FailpointName.StageAfter));
        failpoints.Hit(FailpointName.StageAfter);
    }

    [Theory]
    [InlineData("nowhere:kill")]
    [InlineData("stage.after")]
    [InlineData("stage.after:explode")]
    public void Parse_Nonsense_SaysWhatThereIs(string text) =>
        Should.Throw<FormatException>(() => Failpoints.Parse(text)).Message.ShouldContain("stage.after");
}
