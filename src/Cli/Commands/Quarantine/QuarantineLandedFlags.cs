using Strata.Cli.CommandLine;
using Strata.Compiler.Diagnostics;
using Strata.Runner.State.Rejected;

namespace Strata.Cli.Commands.Quarantine;

/// <summary>What landed files lost on their way is meant, in place of rows that expectations diverted.</summary>
public sealed class QuarantineLandedFlags
{
    private readonly Flag<bool> _landed = new(
        FlagGroup.Selection,
        "--landed",
        null,
        null,
        "rows and files that could not be taken in"
    )
    {
        EnvironmentVariable = null,
    };

    private readonly Flag<string?> _file = new(
        FlagGroup.Selection,
        "--file",
        null,
        "path",
        "the same, only of this landed file"
    )
    {
        EnvironmentVariable = null,
    };

    public IEnumerable<IFlag> All => [_landed, _file];

    public bool AreGiven(CommandContext context) => context.Get(_landed) || context.Get(_file) is not null;

    public Diagnostic? Refuse(CommandContext context, QuarantineRowFlags rows) =>
        AreGiven(context)
        && (context.Get(rows.Reason) is not null || context.Get(rows.Ids) is { Length: > 0 })
            ? CommandLineDiagnostics.InvalidValue(
                "--landed",
                "--reason and --id apply to rows that expectations diverted"
            )
            : null;

    internal QuarantineLanded Of(CommandContext context, QuarantinedNode of) =>
        new(
            context,
            of.Project.Manifest,
            of.Node,
            of.Adapter,
            new RejectedFilter(of.Node.UniqueId, of.Rows.Run, context.Get(_file))
        );
}
