using System.Collections.Immutable;
using Strata.Cli.CommandLine;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;
using Strata.Runner.Adapters.Errors;

namespace Strata.Cli.Commands.Quarantine;

public sealed class QuarantineCommand()
    : CommandGroup(
        "quarantine",
        "show, correct and replay rows that expectations diverted",
        new QuarantineListCommand(),
        new QuarantineShowCommand(),
        new QuarantineReplayCommand(),
        new QuarantineDropCommand()
    )
{
    public override string DefaultVerb => "list";

    public override string Details =>
        "Rows that fail an expectation of severity quarantine go to <model>__quarantine, with all their reasons, and "
        + "the rest is published.\n\n"
        + "'list' counts them, 'show' prints them. 'replay' judges them again, as they are or with corrections from a file, "
        + "and adds those that pass to the model, in their place: a later row of the same key is not overwritten. "
        + "'drop' is for rows that nobody wants.\n\n"
        + "Rows and files of a landing zone that could not be taken in are listed, too; a file that is fixed is read again, with on_change: replace also one of which rows were taken in.";

    public override ImmutableArray<CommandExample> Examples =>
        [
            new("strata quarantine", "what is quarantined, and why"),
            new(
                "strata quarantine show orders --limit 0 -o csv > fix.csv",
                "all rows of one model, into a file"
            ),
            new("strata quarantine replay orders --from fix.csv", "add them to the model, as corrected"),
        ];

    internal static Diagnostic Explain(ConnectionConfig connection, EngineError error) =>
        error.Kind switch
        {
            EngineErrorKind.Connection => EngineDiagnostics.Unreachable(
                connection.Declaration,
                connection.Name,
                error.Message,
                error.Hint
            ),
            EngineErrorKind.Locked => InputDiagnostics.RunLockHeld(
                connection.Name,
                error.Message,
                canWait: false
            ),
            _ => error.ToDiagnostic(connection.Engine.ToString().ToLowerInvariant(), "the quarantine"),
        };
}
