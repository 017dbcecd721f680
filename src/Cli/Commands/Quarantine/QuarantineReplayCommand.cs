using System.Collections.Immutable;
using Strata.Cli.CommandLine;
using Strata.Cli.Session;
using Strata.Compiler.Diagnostics;
using Strata.Runner.Quarantine;
using Strata.Runner.Quarantine.Replaying;

namespace Strata.Cli.Commands.Quarantine;

public sealed class QuarantineReplayCommand : QuarantineModelCommand
{
    private readonly Flag<string?> _from = new(
        FlagGroup.Running,
        "--from",
        null,
        "file",
        "a csv file with _quarantine_id and corrected columns"
    )
    {
        EnvironmentVariable = null,
    };
    private readonly Flag<bool> _dryRun = new(
        FlagGroup.Running,
        "--dry-run",
        null,
        null,
        "judge the rows, run the tests, publish nothing"
    )
    {
        EnvironmentVariable = null,
    };
    private readonly Flag<bool> _fullRefresh = new(
        FlagGroup.Running,
        "--full-refresh",
        "-f",
        null,
        "rebuild the model with the rows in place"
    )
    {
        EnvironmentVariable = null,
    };
    private readonly Flag<bool> _json = new(
        FlagGroup.Output,
        "--json",
        null,
        null,
        "one JSON object per line on stdout"
    );

    public QuarantineReplayCommand()
        : base("replay", "judge the rows again; those that pass enter the model") =>
        AddAll([_from, _dryRun, _fullRefresh, Wait.Flag, _json], Project.Running);

    public override string Details =>
        "Judges rows again, as they are or with corrections from a file, and adds those that pass to the model, in their place: a later row of "
        + "the same key is not overwritten. The model's query is run again only with --full-refresh.";

    public override ImmutableArray<CommandExample> Examples =>
        [
            new("strata quarantine replay orders --from fix.csv --dry-run", "would they pass as corrected?"),
            new("strata quarantine replay orders --from fix.csv", "add them to the model"),
            new("strata quarantine replay orders", "after a rule or reference data has changed"),
        ];

    private protected override async Task<int> RunAsync(
        CommandContext context,
        QuarantinedNode of,
        LockWait wait
    )
    {
        Corrections? corrections = null;
        if (context.Get(_from) is { } file)
        {
            (corrections, var problem) = await ReadAsync(context, file);
            if (problem is not null)
                return context.Fail(problem);
        }
        var replay = new ReplayRequest(of.Node.UniqueId)
        {
            Filter = of.Rows,
            Corrections = corrections,
            IsDryRun = context.Get(_dryRun),
        };
        var request = QuarantineReplay.Request(context, of.Project, Project, of.Adapters, of.Node, replay);
        return request is null
            ? ExitCode.CouldNotRun
            : await QuarantineReplay.RunAsync(
                context,
                of.Project,
                request with
                {
                    FullRefresh = context.Get(_fullRefresh),
                },
                of.Node,
                context.Get(_json),
                wait
            );
    }

    private static async Task<(Corrections? Corrections, Diagnostic? Problem)> ReadAsync(
        CommandContext context,
        string file
    )
    {
        try
        {
            return CorrectionFile.Read(
                file,
                await File.ReadAllTextAsync(context.FullPath(file), context.Cancellation)
            );
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return (null, QuarantineDiagnostics.Corrections(file, "there is no such file"));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return (null, QuarantineDiagnostics.Corrections(file, exception.Message));
        }
    }
}
