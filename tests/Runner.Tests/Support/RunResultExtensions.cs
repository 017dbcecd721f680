using Strata.Runner.Results;

namespace Strata.Runner.Tests.Support;

public static class RunResultExtensions
{
    public static NodeResult Node(this RunResult result, string name) =>
        result.Nodes.Single(node => node.Node.Name == name);

    public static Outcome OutcomeOf(this RunResult result, string name) => result.Node(name).Outcome;

    public static RunResult ShouldSucceed(this RunResult result)
    {
        result.IsSuccess.ShouldBeTrue(
            Workbench.Text(result)
                + string.Join("\n", result.Nodes.Select(n => $"{n.Node.Name} {n.Outcome} {n.Because}"))
        );
        return result;
    }
}
