using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using Strata.Cli.CommandLine;
using Strata.Cli.Output;
using Strata.Cli.Session;
using Strata.Compiler.Diagnostics;
using Strata.Runner.Adapters;
using Strata.Runner.Adapters.Errors;

namespace Strata.Cli.Commands;

public sealed class ShowCommand : StrataCommand
{
    private const int DefaultLimit = 10;

    private readonly Argument<string?> _model = new("model")
    {
        Arity = ArgumentArity.ZeroOrOne,
        Description = "a model, seed or source (source_name.table)",
    };
    private readonly ProjectFlags _project = new();
    private readonly Flag<string?> _inline = new(
        FlagGroup.Selection,
        "--inline",
        null,
        "sql",
        "a query instead of a model; it may use ref, source and macros"
    )
    {
        EnvironmentVariable = null,
    };
    private readonly Flag<string?> _connection = new(
        FlagGroup.Selection,
        "--connection",
        null,
        "name",
        "where to run --inline (default: where what it reads is)"
    );
    private readonly Flag<int?> _limit = new(
        FlagGroup.Output,
        "--limit",
        null,
        "n",
        "how many rows at most; 0 for all (default: 10)"
    );
    private readonly Flag<string?> _output = new(
        FlagGroup.Output,
        "--output",
        "-o",
        "format",
        "table, json or csv (default: table)"
    )
    {
        Choices = ["table", "json", "csv"],
    };

    public ShowCommand()
        : base("show", "print rows of a model or of a query")
    {
        Add(_model);
        AddAll([_inline, _connection, _limit, _output], _project.Reading);
    }

    public override string Details =>
        "Prints what readers see now, from whichever engine holds it. Of an ephemeral model, which has no relation, "
        + "the query is run. A statement that is not a query, or that would change something, is refused.";

    public override ImmutableArray<CommandExample> Examples =>
        [
            new("strata show daily_sales", "the first ten rows"),
            new("strata show orders --limit 0 -o csv > orders.csv", "all rows, into a file"),
            new(
                "strata show --inline 'select count(*) as n from {{ ref \"orders\" }}'",
                "a query of your own"
            ),
        ];

    public override async Task<int> RunAsync(CommandContext context)
    {
        var model = context.Get(_model);
        var inline = context.Get(_inline);
        if ((model is null) == (inline is null))
        {
            return context.Fail(
                CommandLineDiagnostics.InvalidValue(
                    "strata show",
                    model is null
                        ? "name a model, or give a query with --inline"
                        : "a model or --inline, not both"
                )
            );
        }
        var limit = context.Get(_limit) ?? DefaultLimit;
        if (limit < 0)
            return context.Fail(CommandLineDiagnostics.InvalidValue("--limit", "must be 0 or more"));
        if (
            ProjectSession.Open(
                context,
                _project,
                out var exitCode,
                inline,
                context.Get(_connection),
                warns: ProjectWarnings.None
            )
            is not { } project
        )
            return exitCode;
        await using var adapters = project.OpenAdapters(context);
        if (adapters is null)
            return ExitCode.CouldNotRun;
        var query = project.Query is { } compiled
            ? ShowQuery.ForInline(project, context, compiled, adapters)
            : ShowQuery.ForNode(project, context, model ?? "", adapters);
        if (query is null)
            return ExitCode.CouldNotRun;
        return await ShowAsync(context, query, limit == 0 ? int.MaxValue : limit);
    }

    private async Task<int> ShowAsync(CommandContext context, ShowQuery query, int limit)
    {
        RowSet rows;
        try
        {
            rows = await query.RunAsync(limit, context.Cancellation);
        }
        catch (EngineException exception)
        {
            return context.Fail(
                await query.ExplainAsync(exception, context.Cancellation),
                query.IsOfTheProject ? ExitCode.ProjectFailed : ExitCode.CouldNotRun
            );
        }
        var format = context.Get(_output) switch
        {
            "json" => RowSetFormat.Json,
            "csv" => RowSetFormat.Csv,
            _ => RowSetFormat.Table,
        };
        var left = RowSetWriter.Write(rows, format, context.Rows, context.OutPalette, context.Terminal.Width);
        await context.Rows.FlushAsync();
        if (format == RowSetFormat.Table && rows.Rows.IsEmpty)
            context.Remark("no rows");
        if (left > 0)
            context.Remark($"{Words.Count(left, "column")} did not fit: '--output json' or csv shows all");
        if (rows.IsTruncated)
            context.Remark(
                $"there are more rows: --limit {(limit * 10L).ToString(CultureInfo.InvariantCulture)}, or --limit 0 for all"
            );
        return ExitCode.Ok;
    }
}
