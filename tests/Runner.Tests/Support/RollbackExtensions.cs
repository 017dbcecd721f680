using Strata.Runner.Planning;
using Strata.Runner.Rollback;

namespace Strata.Runner.Tests.Support;

public static class RollbackExtensions
{
    public static async Task<RollbackResult> RollbackAsync(
        this Workbench bench,
        ManifestBuilder project,
        string to,
        params string[] nodes
    ) =>
        await RollbackRunner.RunAsync(
            new RollbackRequest(
                bench.Request(project, RunCommand.Build, null),
                to,
                nodes.Length == 0 ? null : [.. nodes]
            ),
            CancellationToken.None
        );

    public static async Task<RollbackResult> DryRollbackAsync(
        this Workbench bench,
        ManifestBuilder project,
        string to
    ) =>
        await RollbackRunner.RunAsync(
            new RollbackRequest(bench.Request(project, RunCommand.Build, null), to, null) { DryRun = true },
            CancellationToken.None
        );

    public static async Task<RollbackResult> RollbackAsync(
        this Workbench bench,
        ManifestBuilder project,
        string to,
        Func<RunRequest, RunRequest> change,
        CancellationToken cancellationToken
    ) =>
        await RollbackRunner.RunAsync(
            new RollbackRequest(bench.Request(project, RunCommand.Build, change), to, null),
            cancellationToken
        );

    public static RollbackResult ShouldBeBack(this RollbackResult result)
    {
        result.IsSuccess.ShouldBeTrue(Workbench.Text(result.Diagnostics));
        return result;
    }
}
