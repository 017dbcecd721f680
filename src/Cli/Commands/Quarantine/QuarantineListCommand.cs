using System.Collections.Immutable;
using Strata.Cli.CommandLine;
using Strata.Cli.Session;

namespace Strata.Cli.Commands.Quarantine;

public sealed class QuarantineListCommand : StrataCommand
{
    private readonly ProjectFlags _project = new();
    private readonly Flag<bool> _json = new(
        FlagGroup.Output,
        "--json",
        null,
        null,
        "one JSON object per line on stdout"
    );

    private readonly Flag<bool> _all = new(
        FlagGroup.Output,
        "--all",
        null,
        null,
        "models without open rows, too"
    );

    public QuarantineListCommand()
        : base("list", "what is quarantined, and why (the default)") =>
        AddAll([_all, _json], _project.Reading);

    public override string Details =>
        "Counts the open rows of each model by the test that they failed, and says how old they are. Rows and files that could not be "
        + "taken in are listed below. With --json, models without open rows are listed, too.";

    public override ImmutableArray<CommandExample> Examples =>
        [new("strata quarantine", "a table"), new("strata quarantine list --json", "for programs")];

    public override async Task<int> RunAsync(CommandContext context)
    {
        if (
            ProjectSession.Open(context, _project, out var exitCode, warns: ProjectWarnings.None)
            is not { } project
        )
            return exitCode;
        await using var adapters = project.OpenAdapters(context);
        if (adapters is null)
            return ExitCode.CouldNotRun;
        return await QuarantineList.RunAsync(
            context,
            project.Manifest,
            QuarantineModelCommand.NodesOf(project.Manifest),
            adapters,
            context.Get(_json),
            context.Get(_all)
        );
    }
}
