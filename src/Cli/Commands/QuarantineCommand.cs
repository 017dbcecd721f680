using System.Collections.Immutable;
using System.CommandLine;
using Strata.Cli.CommandLine;
using Strata.Cli.Output;
using Strata.Cli.Session;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Manifest;
using Strata.Runner.Adapters;
using Strata.Runner.Quarantine;
using Strata.Runner.State;

namespace Strata.Cli.Commands;

public sealed class QuarantineCommand : StrataCommand
{
    private static readonly ImmutableArray<string> Actions = ["list", "show", "replay", "drop"];

    private readonly Argument<string?> _action = new("action")
    {
        Arity = ArgumentArity.ZeroOrOne,
        Description = "list, show, replay or drop (default: list)",
    };
    private readonly Argument<string?> _model = new("model")
    {
        Arity = ArgumentArity.ZeroOrOne,
        Description = "the model or seed, for everything but list",
    };
    private readonly Flag<string?> _run = new(
        FlagGroup.Selection,
        "--run",
        null,
        "run id",
        "only rows that this run diverted"
    )
    {
        EnvironmentVariable = null,
    };
    private readonly Flag<string?> _reason = new(
        FlagGroup.Selection,
        "--reason",
        null,
        "test",
        "only rows that failed the test of this name"
    )
    {
        EnvironmentVariable = null,
    };
    private readonly Flag<string[]> _ids = new(
        FlagGroup.Selection,
        "--id",
        null,
        "id ...",
        "only these rows, by _quarantine_id"
    )
    {
        AllowMultipleArgumentsPerToken = true,
        EnvironmentVariable = null,
    };
    private readonly Flag<bool> _landed = new(
        FlagGroup.Selection,
        "--landed",
        null,
        null,
        "show, drop: rows and files that could not be taken in"
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
    private readonly Flag<string?> _from = new(
        FlagGroup.Running,
        "--from",
        null,
        "file",
        "replay: a csv file with _quarantine_id and corrected columns"
    )
    {
        EnvironmentVariable = null,
    };
    private readonly Flag<bool> _dryRun = new(
        FlagGroup.Running,
        "--dry-run",
        null,
        null,
        "replay: judge the rows, run the tests, publish nothing"
    )
    {
        EnvironmentVariable = null,
    };
    private readonly Flag<bool> _fullRefresh = new(
        FlagGroup.Running,
        "--full-refresh",
        "-f",
        null,
        "replay: build the model anew with the rows in place"
    )
    {
        EnvironmentVariable = null,
    };
    private readonly Flag<bool> _yes = new(FlagGroup.Running, "--yes", "-y", null, "drop: really do it")
    {
        EnvironmentVariable = null,
    };
    private readonly Flag<int?> _limit = new(
        FlagGroup.Output,
        "--limit",
        null,
        "n",
        "show: how many rows at most; 0 for all (default: 10)"
    );
    private readonly Flag<string?> _output = new(
        FlagGroup.Output,
        "--output",
        "-o",
        "format",
        "show: table, json or csv (default: table)"
    )
    {
        Choices = ["table", "json", "csv"],
    };
    private readonly Flag<bool> _unmask = new(
        FlagGroup.Output,
        "--unmask",
        null,
        null,
        "show: values of columns that are tagged pii, too"
    )
    {
        EnvironmentVariable = null,
    };
    private readonly Flag<bool> _json = new(
        FlagGroup.Output,
        "--json",
        null,
        null,
        "list and replay: JSON on stdout, one object a line"
    );
    private readonly ProjectFlags _project = new();

    public QuarantineCommand()
        : base("quarantine", "rows that expectations diverted: look, correct, replay")
    {
        Add(_action);
        Add(_model);
        AddAll(
            [_run, _reason, _ids, _landed, _file],
            [_from, _dryRun, _fullRefresh, _yes],
            [_limit, _output, _unmask, _json],
            _project.Running
        );
    }

    public override string Details =>
        "Rows that fail an expectation of severity quarantine go to <model>__quarantine, with all their reasons, and "
        + "the rest is published.\n\n"
        + "'list' counts them, 'show' prints them. 'replay' judges them again, as they are or as a file corrects them, "
        + "and those that pass enter the model where they stood: a later row of the same key is not overwritten. "
        + "'drop' is for rows that nobody wants.\n\n"
        + "Rows and files of a landing zone that could not be taken in are listed, too; they come back when the file is mended.";

    public override ImmutableArray<CommandExample> Examples =>
        [
            new("strata quarantine", "what is quarantined, and why"),
            new(
                "strata quarantine show orders --limit 0 -o csv > fix.csv",
                "all rows of one model, into a file"
            ),
            new("strata quarantine replay orders --from fix.csv --dry-run", "would they pass as corrected?"),
            new("strata quarantine replay orders --from fix.csv", "they enter the model"),
            new("strata quarantine replay orders", "after a rule or reference data has changed"),
            new("strata quarantine drop orders --reason not_null_orders_id --yes", "nobody wants these"),
            new("strata quarantine show people --landed", "what landed files lost: path, line, reason, text"),
        ];

    public override async Task<int> RunAsync(CommandContext context)
    {
        var action = context.Get(_action) ?? "list";
        if (Refuse(context, action) is { } problem)
            return context.Fail(problem);
        if (ProjectSession.Open(context, _project, out var exitCode, warns: false) is not { } project)
            return exitCode;
        await using var adapters = project.OpenAdapters(context);
        if (adapters is null)
            return ExitCode.CouldNotRun;
        var all = project
            .Manifest.Nodes.Values.Where(node => node is ModelNode or SeedNode)
            .Cast<RelationNode>()
            .ToList();
        var asked = NodeNames.Find(all, context.Get(_model));
        try
        {
            if (action == "list")
                return await QuarantineList.RunAsync(
                    context,
                    project.Manifest,
                    all,
                    adapters,
                    context.Get(_json)
                );
            if (asked is null)
                return context.Fail(NodeNames.Unknown(all, context.Get(_model) ?? ""));
            var filter = new RowFilter(context.Get(_run), context.Get(_reason), [.. context.Get(_ids) ?? []]);
            RemarkOnReason(context, project.Manifest, asked, filter.Reason);
            var adapter = adapters.Adapters[asked.Connection];
            var landed = new QuarantineLanded(
                context,
                asked,
                adapter,
                new RejectedFilter(asked.UniqueId, context.Get(_run), context.Get(_file))
            );
            var rows = new QuarantineRows(context, asked, adapter, filter, landed);
            return action switch
            {
                "show" when IsLanded(context) => await landed.ShowAsync(
                    context.Get(_limit) ?? 10,
                    Format(context)
                ),
                "show" => await rows.ShowAsync(
                    context.Get(_limit) ?? 10,
                    Format(context),
                    context.Get(_unmask)
                ),
                "drop" when IsLanded(context) => await landed.DropAsync(project.StartedAt, context.Get(_yes)),
                "drop" => await rows.DropAsync(project.StartedAt, context.Get(_yes)),
                _ => await ReplayAsync(context, project, adapters, asked, filter),
            };
        }
        catch (EngineException exception) when (asked is not null)
        {
            return context.Fail(Explain(project.Manifest.Connections[asked.Connection], exception.Error));
        }
    }

    // rows may have been diverted by a test that is gone since: that is no mistake
    private static void RemarkOnReason(
        CommandContext context,
        ProjectManifest manifest,
        RelationNode node,
        string? reason
    )
    {
        var tests = manifest
            .Nodes.Values.OfType<TestNode>()
            .Where(test =>
                test.AttachedNode == node.UniqueId && test.Config.Severity == TestSeverity.Quarantine
            )
            .Select(test => test.Name)
            .ToList();
        if (reason is null || tests.Contains(reason))
            return;
        if (tests.Count == 0)
        {
            context.Remark($"'{node.Name}' has no test that diverts rows any more");
            return;
        }
        context.Remark(
            $"no test of '{node.Name}' that diverts rows is called '{reason}'; "
                + (Suggestions.DidYouMean(reason, tests) ?? $"there are: {string.Join(", ", tests)}")
        );
    }

    internal static Diagnostic Explain(ConnectionConfig connection, EngineError error) =>
        error.Kind switch
        {
            EngineErrorKind.Connection => EngineDiagnostics.Unreachable(
                connection.Declaration,
                connection.Name,
                error.Message,
                error.Hint
            ),
            EngineErrorKind.Locked => StateDiagnostics.RunLockHeld(connection.Name, error.Message),
            _ => error.ToDiagnostic(connection.Engine.ToString().ToLowerInvariant(), "the quarantine"),
        };

    private bool IsLanded(CommandContext context) => context.Get(_landed) || context.Get(_file) is not null;

    private RowSetFormat Format(CommandContext context) =>
        context.Get(_output) switch
        {
            "json" => RowSetFormat.Json,
            "csv" => RowSetFormat.Csv,
            _ => RowSetFormat.Table,
        };

    private async Task<int> ReplayAsync(
        CommandContext context,
        ProjectSession project,
        AdapterSet adapters,
        RelationNode node,
        RowFilter filter
    )
    {
        Corrections? corrections = null;
        if (context.Get(_from) is { } file)
        {
            string text;
            try
            {
                text = await File.ReadAllTextAsync(context.FullPath(file), context.Cancellation);
            }
            catch (Exception exception)
                when (exception is FileNotFoundException or DirectoryNotFoundException)
            {
                return context.Fail(QuarantineDiagnostics.Corrections(file, "there is no such file"));
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                return context.Fail(QuarantineDiagnostics.Corrections(file, exception.Message));
            }
            (corrections, var problem) = CorrectionFile.Read(file, text);
            if (problem is not null)
                return context.Fail(problem);
        }
        var replay = new ReplayRequest(node.UniqueId)
        {
            Filter = filter,
            Corrections = corrections,
            IsDryRun = context.Get(_dryRun),
        };
        var request = QuarantineReplay.Request(context, project, _project, adapters, node, replay);
        return request is null
            ? ExitCode.CouldNotRun
            : await QuarantineReplay.RunAsync(
                context,
                project,
                request with
                {
                    FullRefresh = context.Get(_fullRefresh),
                },
                node,
                context.Get(_json)
            );
    }

    /// <summary>An option that the action does not have would be passed over silently.</summary>
    private Diagnostic? Refuse(CommandContext context, string action)
    {
        if (!Actions.Contains(action))
            return CommandLineDiagnostics.UnexpectedArgument(
                action,
                "strata quarantine",
                Suggestions.DidYouMean(action, Actions) ?? $"it takes: {string.Join(", ", Actions)}"
            );
        if (action == "list" != (context.Get(_model) is null))
            return CommandLineDiagnostics.InvalidValue(
                $"strata quarantine {action}",
                action == "list" ? "it takes no model" : "name a model"
            );
        (bool IsGiven, string Option, string[] Of)[] options =
        [
            (context.Get(_run) is not null, "--run", ["show", "replay", "drop"]),
            (context.Get(_reason) is not null, "--reason", ["show", "replay", "drop"]),
            (context.Get(_ids) is { Length: > 0 }, "--id", ["show", "replay", "drop"]),
            (context.Get(_landed), "--landed", ["show", "drop"]),
            (context.Get(_file) is not null, "--file", ["show", "drop"]),
            (context.Get(_from) is not null, "--from", ["replay"]),
            (context.Get(_dryRun), "--dry-run", ["replay"]),
            (context.Get(_fullRefresh), "--full-refresh", ["replay"]),
            (context.Get(_yes), "--yes", ["drop"]),
        ];
        var wrong = options.FirstOrDefault(option => option.IsGiven && !option.Of.Contains(action));
        if (wrong.Option is not null)
            return CommandLineDiagnostics.InvalidValue(
                wrong.Option,
                $"'quarantine {action}' does not take it"
            );
        if (IsLanded(context) && (context.Get(_reason) is not null || context.Get(_ids) is { Length: > 0 }))
            return CommandLineDiagnostics.InvalidValue(
                "--landed",
                "--reason and --id are of rows that expectations diverted"
            );
        return context.Get(_limit) < 0
            ? CommandLineDiagnostics.InvalidValue("--limit", "must be 0 or more")
            : null;
    }
}
