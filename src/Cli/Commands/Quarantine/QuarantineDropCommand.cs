using System.Collections.Immutable;
using Strata.Cli.CommandLine;
using Strata.Cli.Session;
using Strata.Compiler.Diagnostics;

namespace Strata.Cli.Commands.Quarantine;

public sealed class QuarantineDropCommand : QuarantineModelCommand
{
    private readonly QuarantineLandedFlags _landed = new();
    private readonly Flag<bool> _yes = new(FlagGroup.Running, "--yes", "-y", null, "really do it")
    {
        EnvironmentVariable = null,
    };

    public QuarantineDropCommand()
        : base("drop", "give up rows that nobody wants, for good") =>
        AddAll(_landed.All, [_yes, Wait.Flag, Project.LogStatements], Project.Reading);

    public override string Details =>
        "Dropped rows are never replayed, and no rebuild brings them back. They stay in the quarantine table and in the counts. "
        + "A dropped file is no longer mentioned, but it is read when it changes.";

    public override ImmutableArray<CommandExample> Examples =>
        [
            new("strata quarantine drop orders --reason not_null_orders_id", "how many would go"),
            new("strata quarantine drop orders --reason not_null_orders_id --yes", "drop them"),
            new(
                "strata quarantine drop people --file landing/people/readme.txt --yes",
                "drop this file, too"
            ),
        ];

    private protected override Diagnostic? Refuse(CommandContext context) => _landed.Refuse(context, Which);

    private protected override Task<int> RunAsync(CommandContext context, QuarantinedNode of, LockWait wait)
    {
        var landed = _landed.Of(context, of);
        var isConfirmed = context.Get(_yes);
        return _landed.AreGiven(context)
            ? landed.DropAsync(of, isConfirmed, wait)
            : new QuarantineRows(context, of, landed).DropAsync(isConfirmed, wait);
    }
}
